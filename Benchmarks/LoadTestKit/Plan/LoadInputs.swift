import AsyncHTTP
import Flags

/// What a plan needs and flags only name: read once, before the run.
struct LoadInputs: Sendable, Hashable {
    /// Of a body, which is held in memory, and sent again and again.
    static let longestBody = ByteCount.mebibytes(16)
    /// Of a file with a credential.
    static let longestSecret = ByteCount.kibibytes(64)
    /// In the place of a path.
    static let standardInput = "-"

    /// Nil when none is sent, which is not the same as one of no bytes.
    var body: [UInt8]?
    /// The value of `Authorization`.
    var authorization: Secret?

    init() {}

    /// Reads files, which blocks.
    init(_ settings: LoadSettings) throws(UsageErrors) {
        var errors: [UsageError] = []
        if let path = settings.bodyPath {
            do throws(ValueProblem) {
                body = try Self.content(of: path, limit: Self.longestBody)
            } catch {
                errors.append(UsageError("--body-file", path, error))
            }
        }
        if let credential = settings.credential {
            do throws(UsageError) { authorization = try Self.authorization(credential) } catch { errors.append(error) }
        }
        if !errors.isEmpty { throw UsageErrors(errors: errors) }
    }

    /// The fields that follow from these.
    var fields: [RequestField] {
        var fields: [RequestField] = []
        if let authorization { fields.append(RequestField("Authorization", authorization)) }
        if let body { fields.append(RequestField("Content-Type", Self.mediaType(of: body))) }
        return fields
    }

    /// What a body most likely is, by its bytes.
    private static func mediaType(of body: [UInt8]) -> String {
        switch body.first(where: { !" \t\r\n".utf8.contains($0) }) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): "application/json"
        case _ where (try? UTF8Span(validating: body.span)) != nil: "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    private static func authorization(_ credential: Credential) throws(UsageError) -> Secret {
        switch credential.source {
        case .given(let value): return value
        case .file(let path):
            do throws(ValueProblem) {
                let content = try content(of: path, limit: longestSecret)
                do throws(CredentialProblem) {
                    return try credential.kind.authorization(content: content)
                } catch {
                    throw ValueProblem("what it holds is \(error)")
                }
            } catch {
                throw UsageError("--\(credential.kind)-file", path, error)
            }
        }
    }

    private static func content(of path: String, limit: ByteCount) throws(ValueProblem) -> [UInt8] {
        do throws(SystemError) {
            if path == standardInput { return try StandardInput.read(limit: limit) }
            return try FileContents.read(path, limit: limit)
        } catch {
            throw ValueProblem("not a file of at most \(limit.bytes) bytes that can be read (\(error))")
        }
    }
}
