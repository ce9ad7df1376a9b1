/// Who the requests say that they come from. It does not print: no output, error or dump is to show it.
struct Credential: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// `NAME:PASSWORD` (RFC 7617).
        case user
        /// What stands behind `Bearer` (RFC 6750).
        case token
    }

    /// Where the secret itself is.
    private enum Source: Sendable, Hashable {
        case text(String)
        case file(String)
    }

    let kind: Kind
    private let source: Source

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        source = .text(text)
    }

    init(_ kind: Kind, file path: String) {
        self.kind = kind
        source = .file(path)
    }

    /// Nil when the secret was given itself.
    var path: String? {
        if case .file(let path) = source { path } else { nil }
    }

    /// The value of `Authorization`.
    ///
    /// - Parameter content: of the file, where the secret is in one; the newline at its end is none of it.
    func authorization(content: [UInt8] = []) throws(CredentialProblem) -> String {
        var bytes = content
        if case .text(let text) = source { bytes = Array(text.utf8) }
        if path != nil {
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        switch kind {
        case .user:
            guard bytes.contains(UInt8(ascii: ":")), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw .user
            }
            return "Basic \(Base64.encode(bytes))"
        case .token:
            guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .token }
            return "Bearer \(String(decoding: bytes, as: UTF8.self))"
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

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "\(kind)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
