import AsyncHTTP
import Flags

/// An address as somebody has written it, which may hold a password: given, or in a file that is read when it is needed.
enum PostgresAddress: Sendable, Hashable {
    case given(Secret)
    case file(String)

    private static let longestFile = ByteCount.kibibytes(64)

    /// Whom to show when it cannot be read.
    var description: String {
        switch self {
        case .given: Secret.placeholder
        case .file(let path): "what \(path) says"
        }
    }

    func reveal<Result>(_ body: (String) throws(PostgresError) -> Result) throws(PostgresError) -> Result {
        switch self {
        case .given(let secret): try secret.reveal(body)
        case .file(let path): try body(Self.contents(of: path))
        }
    }

    private static func contents(of path: String) throws(PostgresError) -> String {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContents.read(path, limit: longestFile)
        } catch {
            throw PostgresError(.configuration, "the address cannot be read: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PostgresError(.configuration, "what \(path) holds is no text in UTF-8")
        }
        let address = text.trimmed
        if address.isEmpty { throw PostgresError(.configuration, "\(path) is empty") }
        return address
    }
}
