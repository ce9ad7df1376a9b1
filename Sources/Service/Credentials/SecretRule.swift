package import Flags

/// What a secret may be made of, by where in a request it is sent. What is wrong is said without a word of what it is.
package enum SecretRule: Sendable, Hashable {
    /// Goes encoded.
    case password
    /// Stands behind a word of HTTP, in one piece (RFC 6750 section 2.1).
    case token
    /// Is the value of a header field (RFC 9110 section 5.5), without what readers of old make of other alphabets.
    case fieldValue

    /// Nil when nothing is wrong.
    package func problem(of text: String) -> String? {
        let bytes = text.utf8
        if bytes.isEmpty { return "it is empty" }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "it holds a line break or another control character"
        }
        switch self {
        case .password: return nil
        case .token where bytes.contains(0x20): return "it holds a space"
        case .fieldValue where bytes.first == 0x20 || bytes.last == 0x20: return "it begins or ends with a space"
        case .token, .fieldValue: return bytes.contains { $0 > 0x7E } ? "it holds a character beyond ASCII" : nil
        }
    }

    /// The secret itself, if it can be sent.
    package func checked(_ secret: Secret) throws(ValueProblem) -> Secret {
        if let problem = secret.reveal({ problem(of: $0) }) { throw ValueProblem(problem) }
        return secret
    }
}
