import AsyncHTTP

/// What a request brings to say who sends it (RFC 9110 section 11.6.2).
enum Credentials {
    case none
    /// More than one, an unknown scheme, or not written as the scheme has it.
    case unreadable
    /// RFC 7617.
    case basic(Login)
    /// RFC 6750 section 2.1. Tokens in targets and bodies are not looked at.
    case bearer([UInt8])

    init(_ fields: HeaderFields) {
        guard fields.count(of: "Authorization") == 1 else {
            self = fields.contains("Authorization") ? .unreadable : .none
            return
        }
        self = fields.withValue(of: "Authorization") { Self.read($0) } ?? .none
    }

    private static func read(_ value: Span<UInt8>) -> Credentials {
        var end = 0
        while end < value.count, value[end] != UInt8(ascii: " ") { end += 1 }
        let scheme = (0..<end).map { value[$0] | 0x20 }
        var start = end
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        let rest = value.extracting(start...)
        if scheme.elementsEqual("basic".utf8) { return Login(rest).map(Credentials.basic) ?? .unreadable }
        if scheme.elementsEqual("bearer".utf8), isToken(rest) { return .bearer(rest.indices.map { rest[$0] }) }
        return .unreadable
    }

    /// The rule `b64token`.
    private static func isToken(_ text: Span<UInt8>) -> Bool {
        var end = text.count
        while end > 0, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        guard end > 0 else { return false }
        for index in 0..<end {
            switch text[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                continue
            default: return false
            }
        }
        return true
    }
}

/// A name and a password, as a client sends them.
struct Login: Sendable {
    let user: [UInt8]
    let password: [UInt8]

    /// - Parameter text: both in base 64, with a colon between them; nil comes of anything else.
    fileprivate init?(_ text: Span<UInt8>) {
        guard let bytes = Base64.decode(text), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            // RFC 7617 section 2: no control characters. A zero would end the password before its end.
            !bytes.contains(0)
        else { return nil }
        user = Array(bytes[..<colon])
        password = Array(bytes[(colon + 1)...])
    }
}
