/// Reads a whole document into a value, within limits: what a peer sends decides neither the depth of the stack nor how many
/// values there are. Its texts are as long as they were sent: the length of the body is the limit of those.
package struct JSONReader: Sendable {
    /// More would be asked of the stack than a thread of a few hundred kilobytes has.
    private static let deepest = 256

    /// How many arrays and objects may be in each other; 256 at most.
    package var depth = 32 {
        didSet { depth = min(max(depth, 0), Self.deepest) }
    }
    /// How many values there may be in all, those in arrays and objects included.
    package var values = 100_000

    package init() {}

    package func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var scanner = JSONScanner(bytes)
        var left = values
        let value = try value(&scanner, depth, &left)
        if scanner.peek() != nil { throw scanner.error("something follows the document") }
        return value
    }

    private func value(
        _ scanner: inout JSONScanner,
        _ depth: Int,
        _ left: inout Int
    ) throws(JSONError) -> JSONValue {
        guard left > 0 else { throw scanner.error("there are more than \(values) values") }
        left -= 1
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            guard depth > 0 else { throw tooDeep(scanner) }
            return .object(try members(&scanner, depth - 1, &left))
        case UInt8(ascii: "["):
            guard depth > 0 else { throw tooDeep(scanner) }
            return .array(try elements(&scanner, depth - 1, &left))
        default: return try scalar(&scanner)
        }
    }

    private func tooDeep(_ scanner: JSONScanner) -> JSONError {
        scanner.error("arrays and objects are more than \(depth) deep")
    }

    private func scalar(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
        switch try scanner.scalar() {
        case .boolean(let value): return .boolean(value)
        case .number(let number) where number.value.isFinite: return .number(number.value)
        case .number: throw scanner.error("a number that is too large or too long")
        case .string(let text): return .string(text)
        case .absent, .null, .container: return .null
        }
    }

    private func members(
        _ scanner: inout JSONScanner,
        _ depth: Int,
        _ left: inout Int
    ) throws(JSONError) -> [JSONValue.Member] {
        try scanner.expect(UInt8(ascii: "{"), "an object was expected")
        var members: [JSONValue.Member] = []
        if scanner.take(UInt8(ascii: "}")) { return members }
        repeat {
            let name = try scanner.key()
            members.append(JSONValue.Member(name, try value(&scanner, depth, &left)))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
        return members
    }

    private func elements(
        _ scanner: inout JSONScanner,
        _ depth: Int,
        _ left: inout Int
    ) throws(JSONError) -> [JSONValue] {
        try scanner.expect(UInt8(ascii: "["), "an array was expected")
        var elements: [JSONValue] = []
        if scanner.take(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try value(&scanner, depth, &left))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"), "a comma or ] was expected")
        return elements
    }
}
