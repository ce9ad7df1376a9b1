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
}
