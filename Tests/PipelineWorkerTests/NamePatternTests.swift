import Testing

@testable import PipelineWorker

@Suite("A pattern of names")
struct NamePatternTests {
    @Test(
        "means what it says",
        arguments: [
            ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("ab", "a", false),
            ("*", "", true), ("*", "dataflow_x", true), ("dataflow_*", "dataflow_", true),
            ("dataflow_*", "data", false), ("*_total", "app_total", true), ("*_total", "app_total_x", false),
            ("*_total", "a_total_total", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "axxcyyb", false),
            ("a?c", "abc", true), ("a?c", "ac", false), ("?", "", false), ("**", "x", true),
            ("*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ]
    )
    func meaning(pattern: String, name: String, isMeant: Bool) {
        #expect(NamePattern(pattern).matches(name) == isMeant)
    }
}
