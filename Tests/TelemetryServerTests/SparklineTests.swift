import Testing

@testable import TelemetryServer

@Suite("Lines in pages")
struct SparklineTests {
    @Test("a line has a piece for each run of known values")
    func sparkline() {
        let svg = Sparkline(values: [1, 2, nil, 3, .nan, nil], label: "a < b").svg
        #expect(svg.split(separator: "<polyline").count == 3)
        #expect(svg.contains("a &lt; b"))
        #expect(Sparkline(values: [nil], label: "").svg.contains("polyline") == false)
        #expect(!Sparkline(values: [1e300, -1e300], label: "").svg.contains("nan"))
    }

    @Test("a limit is a line across, and within the scale; the scale has its ends")
    func limit() {
        let below = Sparkline(values: [5, 10], label: "", limit: 20)
        #expect(below.low == 0 && below.high == 20)
        #expect(
            below.svg.contains(
                #"<line class="limit" x1="0" y1="3" x2="300" y2="3"/><polyline points="0,34.5 300,24"/>"#
            )
        )
        let above = Sparkline(values: [40], label: "", limit: 20)
        #expect(above.high == 40 && above.svg.contains(#"y1="24""#))
        let without = Sparkline(values: [-3, nil, .infinity], label: "")
        #expect(without.low == -3 && without.high == 0 && !without.svg.contains("<line"))
        #expect(Sparkline(values: [], label: "").high == 1)
    }

    @Test(
        "time goes from the left edge to the right one, and values from the bottom, which is zero, to the top",
        arguments: [
            ([0, 2, 1], ["0,45 150,3 300,24"]),
            ([0, 0], ["0,45 300,45"]),
            ([0.5, 0.25], ["0,24 300,34.5"]),
            ([-1, 1], ["0,45 300,3"]),
            ([8], ["0,3 0,3"]),
            ([1e308, -1e308], ["0,0 300,45"]),
            ([1, 1, nil, 2, nil, 0, 0, 0], ["0,24 42.9,24", "128.6,3 128.6,3", "214.3,45 257.1,45 300,45"]),
        ] as [([Double?], [String])]
    )
    func points(values: [Double?], lines: [String]) {
        let svg = Sparkline(values: values, label: "").svg
        #expect(svg.hasPrefix(#"<svg viewBox="0 0 300 48" "#))
        #expect(svg.contains(">" + lines.map { "<polyline points=\"\($0)\"/>" }.joined() + "</svg>"))
    }
}
