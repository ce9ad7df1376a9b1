import AsyncHTTP
import Flags

/// A file with a secret in it, looked at again and again and read when it has changed. Blocks, so it is kept off the loops.
struct SecretFile: Sendable {
    let path: String
    let rule: SecretRule
    let longest: ByteCount

    private var known: (signature: FileSignature, secret: Secret)?

    /// Why there is no secret, in words that name the file.
    struct Unusable: Error {
        let reason: String
    }

    init(_ path: String, _ rule: SecretRule, longest: ByteCount) {
        self.path = path
        self.rule = rule
        self.longest = longest
    }

    mutating func look() throws(Unusable) -> Secret {
        let bytes: [UInt8]
        let signature: FileSignature
        do throws(SystemError) {
            signature = try FileSignature.of(path)
            if let known, known.signature == signature { return known.secret }
            known = nil
            bytes = try FileContents.read(path, limit: longest)
        } catch {
            throw Unusable(reason: "\(error)")
        }
        let secret = try secret(in: bytes)
        known = (signature, secret)
        return secret
    }

    private func secret(in bytes: [UInt8]) throws(Unusable) -> Secret {
        var bytes = bytes[...]
        // Editors and `echo` end a file with one.
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Unusable(reason: "what \(path) holds is no text in UTF-8")
        }
        if let problem = rule.problem(of: text) {
            throw Unusable(reason: "what \(path) holds cannot be sent: \(problem)")
        }
        return Secret(text)
    }
}
