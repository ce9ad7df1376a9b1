import Testing

@testable import YAML

@Suite("YAML: limits")
struct YAMLLimitTests {
    private static func limits(_ change: (inout YAMLLimits) -> Void) -> YAMLLimits {
        var limits = YAMLLimits()
        change(&limits)
        return limits
    }

    @Test("as many bytes, values and floors as may are taken, and one more is not")
    func edges() {
        let bytes = Self.limits { $0.bytes = 5 }
        #expect(problem(Array("a: 12".utf8), limits: bytes) == nil)
        #expect(problem(Array("a: 123".utf8), limits: bytes) == "line 1, column 1: it is longer than 5 bytes")
        let nodes = Self.limits { $0.nodes = 4 }
        #expect(problem(Array("[1, 2, 3]".utf8), limits: nodes) == nil)
        #expect(problem(Array("[1, 2, 3, 4]".utf8), limits: nodes) == "line 1, column 11: there are more than 4 values")
        let depth = Self.limits { $0.depth = 2 }
        #expect(problem(Array("[{}, {a: 1}, []]".utf8), limits: depth) == nil)
        #expect(problem(Array("[{a: []}]".utf8), limits: depth) == "line 1, column 6: it is nested deeper than 2")
    }

    @Test("an alias costs as much as what it stands for: laughs by the billion are refused")
    func laughs() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for floor in 1...9 {
            let row = Array(repeating: "*a\(floor - 1)", count: 10).joined(separator: ", ")
            text += "a\(floor): &a\(floor) [\(row)]\n"
        }
        #expect(problem(Array(text.utf8))?.hasSuffix("there are more than 50000 values") == true)
    }

    @Test("a merge costs as much as what it brings in")
    func merges() {
        let names = (0..<100).map { "n\($0): 1" }.joined(separator: ", ")
        let row = Array(repeating: "{<<: *x}", count: 300).joined(separator: ", ")
        #expect(problem(Array("a: &x {\(names)}\nb: [\(row)]\n".utf8))?.contains("more than 50000 values") == true)
    }

    @Test("nothing that is nested without end is followed")
    func depths() {
        for opening in ["[", "{a: ", "- ", "? "] {
            let text = String(repeating: opening, count: 20_000)
            #expect(problem(Array(text.utf8)) != nil, "\(opening)")
        }
    }

    @Test("arbitrary bytes are read or refused, and what is read is the same each time")
    func chaos() throws {
        var generator = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
        let pieces = [
            "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "'", "\"", "|\n", "#", "?", "!!str ",
            "<<",
        ]
        for _ in 0..<4000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...24, using: &generator) {
                text += pieces.randomElement(using: &generator) ?? ""
            }
            var bytes = Array(text.utf8)
            if Bool.random(using: &generator), !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let again = String(decoding: bytes, as: UTF8.self)
            guard again.utf8.elementsEqual(bytes) else {
                _ = problem(bytes)
                continue
            }
            #expect((try? drawn(again)) == (try? drawn(again)))
        }
    }

    private struct Xorshift: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
