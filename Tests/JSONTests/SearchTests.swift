import JSON
import Testing

@Suite("Bytes in bytes")
struct SearchTests {
    @Test(
        "they are there when they stand one after the other",
        arguments: [
            ("abc", "b", true), ("abc", "abc", true), ("abc", "abcd", false), ("aab", "ab", true), ("", "", true),
            ("abc", "", true), ("", "a", false), ("abab", "abb", false), ("aaab", "aab", true), ("é", "\u{301}", false),
        ]
    )
    func holds(text: String, part: String, isThere: Bool) {
        #expect(Array(text.utf8).holds(part.utf8) == isThere)
    }
}
