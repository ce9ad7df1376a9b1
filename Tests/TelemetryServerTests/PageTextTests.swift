import AsyncHTTP
import Testing

@testable import TelemetryServer

@Suite("Texts of pages")
struct PageTextTests {
    @Test(
        "numbers have one decimal at most, and are short",
        arguments: [
            (0, "0"), (12, "12"), (-3, "-3"), (0.25, "0.3"), (99.96, "100"), (0.01, "< 0.1"), (-0.01, "> -0.1"),
            (123_456, "123456"), (1_250_000, "1.3 M"), (2e9, "2 G"), (7.7e13, "77 T"), (1e300, "1e300"),
            (-2.5e20, "-2.5e20"),
            (.infinity, "–"), (.greatestFiniteMagnitude, "1.8e308"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, text: String) {
        #expect(ReadableNumber.text(value) == text)
    }

    @Test(
        "sizes are in the unit that they fill",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (3_400_000, "3.2 MiB"), (10 << 30, "10 GiB"),
            (.max, "8192 PiB"),
        ] as [(Int, String)]
    )
    func sizes(bytes: Int, text: String) {
        #expect(ReadableNumber.text(.bytes(bytes)) == text)
    }

    @Test(
        "spans are the two largest units",
        arguments: [
            (0, "0 s"), (0.25, "250 ms"), (1, "1 s"), (59.9, "59 s"), (252, "4 min 12 s"), (300, "5 min"),
            (3600, "1 h"),
            (11_100, "3 h 5 min"), (90_000, "1 d 1 h"), (-4, "0 s"),
        ] as [(Double, String)]
    )
    func spans(seconds: Double, text: String) {
        #expect(TimeText.span(.seconds(seconds)) == text)
    }

    @Test("the host's name is the kernel's, and no name is none")
    func host() {
        #expect(HostName.read()?.isEmpty == false)
        #expect(HostName.read("/nowhere") == nil && HostName.read("/dev/null") == nil)
    }

    @Test("a form for each, and no two alike")
    func shapes() {
        let forms = PageShape.allCases.map { $0.svg(.warn) }
        #expect(Set(forms).count == PageShape.allCases.count)
        #expect(forms.allSatisfy { $0.hasPrefix("<svg class=\"shape warn\"") })
    }
}
