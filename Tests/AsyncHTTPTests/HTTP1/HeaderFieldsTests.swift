import Testing

@testable import AsyncHTTP

@Suite("Header fields")
struct HeaderFieldsTests {
    private func example() throws -> HeaderFields {
        var fields = HeaderFields()
        try fields.append("Content-Type", "text/plain")
        try fields.append("X-A", " 1 \t")
        try fields.append("x-a", "2")
        return fields
    }

    @Test("fields are found in any case, the first one first")
    func lookup() throws {
        let fields = try example()
        #expect(fields["content-TYPE"] == "text/plain")
        #expect(fields["X-a"] == "1")
        #expect(fields.values(for: "X-A") == ["1", "2"])
        #expect(fields["X"] == nil && fields.values(for: "X").isEmpty)
        #expect(fields.contains("x-A") && !fields.contains("X-AB") && !fields.contains(""))
        #expect(fields.withValue(of: "x-a") { $0.count } == 1)
        #expect(fields.withValue(of: "nothing") { $0.count } == nil)
        #expect(fields.count == 3 && !fields.isEmpty && HeaderFields().isEmpty)
    }

    @Test("what fields keep is their bytes, and sixteen for each that says where they are")
    func heldBytes() throws {
        var fields = HeaderFields()
        for number in 0..<90 { try fields.append("a", "\(number)") }
        #expect(fields.heldBytes >= fields.bytes.count + 90 * 16)
    }

    @Test("only letters have a case")
    func caseFolding() throws {
        var fields = HeaderFields()
        try fields.append("a^b", "1")
        #expect(fields["A^B"] == "1")
        #expect(fields["a~b"] == nil)
    }

    @Test("fields are iterated in order, names as given")
    func iteration() throws {
        #expect(try example().summary == "[Content-Type: text/plain, X-A: 1, x-a: 2]")
        #expect(try example().underestimatedCount == 3)
    }

    @Test("a copy does not see what is appended later")
    func valueSemantics() throws {
        let fields = try example()
        var copy = fields
        try copy.append("new", "1")
        #expect(copy.contains("new") && !fields.contains("new"))
    }

    @Test(
        "a name that is not a token is refused",
        arguments: ["", " ", "a b", "a:", "a\r\n", "é", "a\0", "(", "a\u{7F}"]
    )
    func names(_ name: String) {
        var fields = HeaderFields()
        #expect(throws: HeadWriteError.fieldName) { try fields.append(name, "x") }
        #expect(fields.isEmpty)
    }

    @Test(
        "a value that would break the message is refused",
        arguments: ["\r", "\n", "\r\n", "a\0", "a\u{1B}b", "\u{7F}"]
    )
    func values(_ value: String) {
        var fields = HeaderFields()
        #expect(throws: HeadWriteError.fieldValue) { try fields.append("x", value) }
        #expect(fields.isEmpty)
    }

    @Test("values may be empty, hold white space inside, and any text", arguments: ["", "a b\tc", "é ü", "\"q\""])
    func legalValues(_ value: String) throws {
        var fields = HeaderFields()
        try fields.append("x", value)
        #expect(fields["x"] == value)
    }

    @Test("the sets of characters are what the RFCs say")
    func byteSets() {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        let subDelims = "!$&'()*+,;="
        let unreserved = letters + "-._~"
        let definitions: [(ByteSet, String)] = [
            (.token, "!#$%&'*+-.^_`|~" + letters),
            (.path, unreserved + subDelims + ":@/"),
            (.query, unreserved + subDelims + ":@/?[]"),
            (.registeredName, unreserved + subDelims),
        ]
        for (set, definition) in definitions {
            for byte in UInt8.min...UInt8.max {
                #expect(set.contains(byte) == definition.utf8.contains(byte))
            }
        }
    }

    @Test("words are scanned like bytes", arguments: 0..<20)
    func scanning(_ offset: Int) {
        for byte in UInt8.min...UInt8.max {
            var bytes = [UInt8](repeating: UInt8(ascii: offset.isMultiple(of: 2) ? "a" : "-"), count: 24)
            bytes[offset] = byte
            let span = bytes.span
            let raw = unsafe span.bytes
            #expect(raw.endOfToken(from: 0, to: 24) == (ByteSet.token.contains(byte) ? 24 : offset))
            #expect(raw.endOfText(from: 0, to: 24) == (byte.isForbiddenInText ? offset : 24))
        }
    }

    @Test("a status of one's own is checked")
    func status() throws {
        #expect(try HTTPStatus(code: 299, reason: "Fine\tthen é") == HTTPStatus(code: 299, reason: "Fine\tthen é"))
        for code in [Int.min, 0, 99, 1000, Int.max] {
            #expect(throws: HeadWriteError.statusCode) { try HTTPStatus(code: code, reason: "") }
        }
        for reason in ["\r\n", "a\nb", "\0", "\u{7F}"] {
            #expect(throws: HeadWriteError.reasonPhrase) { try HTTPStatus(code: 200, reason: reason) }
        }
    }
}
