import Testing

@testable import JSON

@Suite("Reading JSON")
struct JSONTests {
    private func read(_ text: String, _ path: String) throws -> JSONScalar {
        try JSONFields([path.split(separator: ".").map(String.init)]).read(Array(text.utf8))[0]
    }

    @Test(
        "values",
        arguments: [
            (#"{"a":"x"}"#, JSONScalar.string("x")), (#" { "a" : null } "#, .null), (#"{"a":true}"#, .boolean(true)),
            (#"{"a":false}"#, .boolean(false)), (#"{"a":12}"#, .number(JSONNumber(text: "12", value: 12))),
            (#"{"a":-1.5e2}"#, .number(JSONNumber(text: "-1.5e2", value: -150))), (#"{"a":[1,{"a":2}]}"#, .container),
            (#"{"a":{}}"#, .container), (#"{}"#, .absent), (#"{"b":{"a":1}}"#, .absent),
            (#"{"a":1,"a":"last"}"#, .string("last")), ("\u{FEFF}{\"a\":null}", .null),
            (#"{"\u0061":"escaped key"}"#, .string("escaped key")),
            (#"{"a":"\"\\\/\b\f\n\r\té\u20AC\ud83d\ude00"}"#, .string("\"\\/\u{8}\u{C}\n\r\té€😀")),
            (#"{"a":"\ud83d"}"#, .string("\u{FFFD}")), (#"{"a":"\ude00x"}"#, .string("\u{FFFD}x")),
            (#"{"a":"\ud83dA"}"#, .string("\u{FFFD}A")),
            (#"{"x":[[],{},[{"a":[1,2,"]"]}]],"a":"found"}"#, .string("found")),
        ]
    )
    func values(text: String, value: JSONScalar) throws {
        #expect(try read(text, "a") == value)
    }

    @Test(
        "a key that only looks like the wanted one is another",
        arguments: [("K", "\u{212A}"), ("é", "e\u{301}"), ("Å", "\u{212B}"), ("\u{FFFD}", "\u{FFFE}")]
    )
    func otherKeys(wanted: String, similar: String) throws {
        #expect(try read("{\"\(similar)\":1}", wanted) == .absent)
        #expect(try read("{\"\(wanted)\":1,\"\(similar)\":2}", wanted) == .number(JSONNumber(text: "1", value: 1)))
        #expect(try JSONReader().read(Array("{\"\(similar)\":1}".utf8))[wanted] == nil)
    }

    @Test(
        "what is no JSON object is an error",
        arguments: [
            "", " ", "[]", "1", "\"x\"", "null", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
            "{a:1}", "{\"a\":1}x", "{\"a\":+1}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":-}",
            "{\"a\":NaN}", "{\"a\":tru}", "{\"a\":\"x}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\n\"}",
            "{\"b\":[1,2}", "{\"b\":{\"c\":1]}", "{\"b\":[1 2]}", "{\"b\":[,1]}", "{\"b\":[1,]}", "{\"b\":{,}}",
            "<html></html>", "{\"a\":1}\u{0}", "{\"b\":{\"c\"}}", "{\"b\":{\"c\":1,}}",
        ]
    )
    func errors(text: String) {
        #expect(throws: JSONError.self) { try read(text, "a") }
    }

    @Test("every beginning of a document is an error, and none stops the program")
    func prefixes() throws {
        let text = Array(#"{"a":{"b":[1,-2.5e+3,"\u00e9\n",{"c":null}]},"d":"é","e":true}"#.utf8)
        let fields = JSONFields([["a", "b"], ["d"], ["e"]])
        _ = try fields.read(text)
        for end in 0..<text.count {
            #expect(throws: JSONError.self) { try fields.read(Array(text[..<end])) }
        }
    }

    @Test(
        "an error says what is wrong, and where",
        arguments: [
            (#"{"a":"\u00e9"#, "a string does not end", 12),
            (#"{"a":"\u00e"#, "\\u without four hexadecimal digits", 7),
            (#"{"a":"\u00e""#, "\\u without four hexadecimal digits", 7),
        ]
    )
    func reasons(text: String, reason: String, offset: Int) {
        #expect(throws: JSONError(reason: reason, offset: offset)) { try read(text, "a") }
    }

    @Test("a byte that is changed gives a value or an error")
    func mutations() {
        let text = Array(#"{"a":{"b":[1,-2.5e+3,"\u00e9\n",{"c":null}]},"d":"é","e":true}"#.utf8)
        let fields = JSONFields([["a", "b"], ["d"], ["e"]])
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[index] = byte
                _ = try? fields.read(changed)
            }
        }
    }

    @Test("of a repeated object the last counts, with everything in it")
    func repeatedObjects() throws {
        let text = #"{"a":{"b":"old","c":"old"},"a":{"b":"new"}}"#
        let values = try JSONFields([["a", "b"], ["a", "c"]]).read(Array(text.utf8))
        #expect(values == [.string("new"), .absent])
    }

    @Test("100,000 levels of nesting cost neither the stack nor the other fields", arguments: ["[", "{\"x\":"])
    func deep(open: String) throws {
        let close = open == "[" ? "]" : "}"
        let deep = String(repeating: open, count: 100_000) + "1" + String(repeating: close, count: 100_000)
        #expect(try read("{\"deep\":\(deep),\"a\":\"x\"}", "a") == .string("x"))
        #expect(try read("{\"a\":\(deep)}", "a") == .container)
        #expect(throws: JSONError.self) { try read("{\"a\":" + String(repeating: open, count: 100_000), "a") }
    }

    @Test("a string of a mebibyte, and a number of as many digits")
    func long() throws {
        let text = String(repeating: "x", count: 1 << 20)
        #expect(try read("{\"a\":\"\(text)\"}", "a") == .string(text))
        let digits = String(repeating: "9", count: 1 << 20)
        guard case .number(let number) = try read("{\"a\":\(digits)}", "a") else {
            throw JSONError(reason: "", offset: 0)
        }
        #expect(number.value.isNaN)
    }

    @Test("bytes that are not UTF-8 are replaced")
    func invalidUTF8() throws {
        let text = Array("{\"a\":\"x".utf8) + [0xFF, 0xC0] + Array("y\"}".utf8)
        #expect(try JSONFields([["a"]]).read(text) == [.string("x\u{FFFD}\u{FFFD}y")])
    }
}
