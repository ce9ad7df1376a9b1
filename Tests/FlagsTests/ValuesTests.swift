import Testing

@testable import Flags

@Suite("Values of flags")
struct ValuesTests {
    @Test(
        "durations",
        arguments: [
            ("250ms", 250_000_000), ("5s", 5_000_000_000), ("1m30s", 90_000_000_000), ("1h", 3_600_000_000_000),
            ("43200", 43_200_000_000_000), ("0.5", 500_000_000), ("1.5s", 1_500_000_000), ("0s", 0),
            ("1s1s1s1s1s1s1s1s", 8_000_000_000), ("100d", 8_640_000_000_000_000), ("99.999999d", 8_639_999_913_600_000),
        ] as [(String, Int64)]
    )
    func durations(text: String, nanoseconds: Int64) throws {
        #expect(try Values.duration(text) == .nanoseconds(nanoseconds))
    }

    @Test(
        "what is no duration",
        arguments: [
            "", "s", "5 s", "-1s", "+5s", "1m30", "5x", "1e3", "٥s", "99999999999999999999s", "1.s", "200d",
            "1s1s1s1s1s1s1s1s1s",
        ]
    )
    func notDurations(text: String) {
        #expect(throws: ValueProblem.self) { try Values.duration(text) }
    }

    @Test("where more is meant to be possible, it is")
    func more() throws {
        #expect(try Values.duration("36500d", atMostDays: 36_500) == .seconds(36_500 * 86_400))
        #expect(throws: ValueProblem.self) { try Values.duration("36501d", atMostDays: 36_500) }
        #expect(try Values.bytes("10GiB", atMostGibibytes: 10) == 10 << 30)
        #expect(throws: ValueProblem.self) { try Values.bytes("11GiB", atMostGibibytes: 10) }
    }

    @Test(
        "modes of files",
        arguments: [("0666", 0o666), ("660", 0o660), ("0", 0), ("0777", 0o777)] as [(String, UInt32)]
    )
    func modes(text: String, mode: UInt32) throws {
        #expect(try Values.fileMode(text) == mode)
    }

    @Test("what is no mode", arguments: ["", "8", "0o666", "1000", "00666", "-1", "+1", " 666", "rw", "٦٦٦"])
    func notModes(text: String) {
        #expect(throws: ValueProblem.self) { try Values.fileMode(text) }
    }

    @Test("sizes", arguments: [("1", 1), ("64KiB", 65536), ("1MiB", 1 << 20), ("2kB", 2000)])
    func sizes(text: String, bytes: Int) throws {
        #expect(try Values.bytes(text) == bytes)
    }

    @Test("what is no size", arguments: ["", "0", "-1", "1KB ", "9999GiB", "1.5MiB", "+1"])
    func notSizes(text: String) {
        #expect(throws: ValueProblem.self) { try Values.bytes(text) }
    }
}
