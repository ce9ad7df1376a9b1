import Testing

@testable import Access

@Suite("Durations as Go writes them")
struct GoDurationTests {
    @Test(
        "a number and a unit, as often as one likes",
        arguments: [
            ("0", 0), ("1s", 1_000_000_000), ("250ms", 250_000_000), ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("-1s", -1_000_000_000), ("+1s", 1_000_000_000), (".5s", 500_000_000), ("1.s", 1_000_000_000),
            ("3us", 3000),
            ("3µs", 3000), ("3μs", 3000), ("7ns", 7), ("", nil), ("1", nil), ("s", nil), (".s", nil), ("1d", nil),
            ("1 s", nil),
            ("-", nil), ("1s1", nil), ("99999999999999999999s", nil), ("9999999999h", nil), ("2562047h2562047h", nil),
            ("٣s", nil),
        ] as [(String, Int64?)]
    )
    func durations(_ text: String, _ nanoseconds: Int64?) {
        #expect(GoDuration.nanoseconds(text) == nanoseconds)
    }
}
