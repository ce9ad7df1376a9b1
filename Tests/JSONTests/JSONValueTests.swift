import Testing

@testable import JSON

@Suite("JSON values")
struct JSONValueTests {
    private func read(_ text: String, depth: Int = 32, values: Int = 1000) throws(JSONError) -> JSONValue {
        var reader = JSONReader()
        reader.depth = depth
        reader.values = values
        return try reader.read(Array(text.utf8))
    }

    @Test("what is written is read again as the same")
    func roundTrip() throws {
        let value: JSONValue = [
            "null": nil, "yes": true, "count": 3, "ratio": .number(0.25), "text": "a\"b\\\n\u{1F600}",
            "list": [1, [2, []], [:]], "nested": ["deep": ["deeper": "x"]],
        ]
        #expect(try read(value.text) == value)
        #expect(JSONValue.number(.nan).text == "null")
        #expect(JSONValue(nil as Double?).text == "null" && JSONValue(1.5).text == "1.5")
    }

    @Test("arrays and nested objects")
    func nested() throws {
        let value = try read(#" { "pools" : [ {"name":"a","size":1} , {"name":"b","size":2.5e1} ] , "ok":true } "#)
        guard case .array(let pools)? = value["pools"] else { throw JSONError(reason: "no pools", offset: 0) }
        #expect(pools.map { $0["name"] } == ["a", "b"])
        #expect(pools.map { $0["size"] } == [1, 25])
        #expect(value["ok"] == true && value["other"] == nil && JSONValue.null["x"] == nil)
        #expect(try read(#"{"a":1,"a":2}"#)["a"] == 2)
    }

    @Test(
        "what is no document",
        arguments: ["", "[1", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "1 2", "[}", "nul", "\"\u{1}\""]
    )
    func malformed(text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test("a hostile document decides neither how deep nor how much")
    func limits() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try read(deep) }
        #expect(throws: JSONError.self) { try read(String(repeating: "{\"a\":", count: 100_000)) }
        #expect(try read("[[1]]", depth: 2) == [[1]])
        #expect(throws: JSONError(reason: "arrays and objects are more than 1 deep", offset: 1)) {
            try read("[[1]]", depth: 1)
        }
        #expect(throws: JSONError.self) { try read(deep, depth: .max) }
        #expect(throws: JSONError.self) { try read("[1]", depth: -1) }
        for number in ["1e999", "-1e999", String(repeating: "9", count: 401)] {
            #expect(throws: JSONError.self) { try read("[\(number)]") }
        }
        #expect(try read("[1,2,3]", values: 4) == [1, 2, 3])
        #expect(throws: JSONError.self) { try read("[1,2,3,4]", values: 4) }
    }
}
