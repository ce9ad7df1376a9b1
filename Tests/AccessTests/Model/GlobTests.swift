import Testing

@testable import Access

@Suite("Patterns for names")
struct GlobTests {
    @Test(
        "a star is any run of characters, a question mark is one",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "a.b/c", true), ("a", "a", true),
            ("a", "b", false),
            ("a", "ab", false), ("a*", "a", true), ("a*", "abc", true), ("*c", "abc", true), ("*c", "abcd", false),
            ("a*c", "abbc", true), ("a*b*c", "a1b2b3c", true), ("a*b*c", "a1c", false), ("?", "ä", true),
            ("?", "", false),
            ("a?c", "abc", true), ("a?c", "ac", false), ("*?", "", false), ("**", "x", true), ("A", "a", false),
            ("[a]", "[a]", true), ("[a]", "a", false), ("*aab", "aaaab", true),
        ]
    )
    func matching(_ pattern: String, _ name: String, _ isMatch: Bool) {
        #expect(Glob(pattern).matches(name) == isMatch)
    }

    @Test("many stars over a long name end in time", .timeLimit(.minutes(10)))
    func patience() {
        let pattern = String(repeating: "*a", count: 200) + "b"
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 5000)))
    }
}
