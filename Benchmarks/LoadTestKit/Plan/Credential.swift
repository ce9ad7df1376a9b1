import AsyncHTTP
import Flags

/// Who the requests say that they come from.
struct Credential: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// `NAME:PASSWORD` (RFC 7617).
        case user
        /// What stands behind `Bearer` (RFC 6750).
        case token
    }

    enum Source: Sendable, Hashable {
        /// The value of `Authorization`.
        case given(Secret)
        /// It is made of what a file holds.
        case file(String)
    }

    let kind: Kind
    let source: Source

    init(_ kind: Kind, _ secret: Secret) throws(CredentialProblem) {
        self.kind = kind
        source = .given(try kind.authorization(secret.reveal { Array($0.utf8) }))
    }

    init(_ kind: Kind, file path: String) {
        self.kind = kind
        source = .file(path)
    }
}

extension Credential.Kind {
    /// The value of `Authorization` with what a file holds; the newline at its end is none of it.
    func authorization(content: [UInt8]) throws(CredentialProblem) -> Secret {
        var bytes = content
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return try authorization(bytes)
    }

    fileprivate func authorization(_ bytes: [UInt8]) throws(CredentialProblem) -> Secret {
        switch self {
        case .user:
            guard bytes.contains(UInt8(ascii: ":")), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw .user
            }
            return Secret("Basic \(Base64.encode(bytes))")
        case .token:
            guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .token }
            return Secret("Bearer \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}

/// What is wrong with a credential, without a word of it.
enum CredentialProblem: Error, CustomStringConvertible {
    case user
    case token

    var description: String {
        switch self {
        case .user: "not NAME:PASSWORD in one line, without control characters"
        case .token: "not a token: visible ASCII characters in one line, without spaces"
        }
    }
}
