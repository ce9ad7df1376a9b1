import Service
import Testing

@testable import LoadTestKit

@Suite("The latency histogram")
struct HistogramTests {
    /// From 1 µs to 60 s in steps of half a hundredth.
    private static var everyMagnitude: [Int64] {
        var (values, value) = ([Int64](), 1000.0)
        while value <= 60e9 {
            values.append(Int64(value))
            value *= 1.005
        }
        return values + [60_000_000_000]
    }

    /// The same numbers each time, as different as those of a generator.
    private static func scattered(_ count: Int) -> [Int64] {
        (0..<count).map { index in
            let mixed = (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
            return Int64(1000 * (1 + Double(mixed >> 40) / 100)) << Int64(mixed & 7)
        }
    }

    private func error(_ found: Int64?, _ exact: Int64) -> Double {
        guard let found else { return .infinity }
        return abs(Double(found) - Double(exact)) / Double(exact)
    }

    @Test("a value between 1 µs and 60 s is shown with an error below 1 %")
    func precision() {
        for value in Self.everyMagnitude {
            var histogram = LatencyHistogram()
            histogram.record(value)
            // Others around it, so that neither minimum nor maximum gives it away.
            histogram.record(0)
            histogram.record(70_000_000_000)
            #expect(error(histogram.percentile(0.5), value) <= 0.01, "\(value)")
        }
    }

    @Test("percentiles are those of the sorted values, within 1 %", arguments: [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1])
    func percentiles(fraction: Double) {
        for count in [1, 2, 3, 10, 999, 1000, 20_000] {
            let values = Self.scattered(count)
            var histogram = LatencyHistogram()
            for value in values { histogram.record(value) }
            let rank = max(1, Int((Double(count) * fraction).rounded(.up)))
            #expect(error(histogram.percentile(fraction), values.sorted()[rank - 1]) <= 0.01, "\(count) values")
        }
    }

    @Test("minimum, maximum, mean and count are exact")
    func exact() {
        var histogram = LatencyHistogram()
        for value: Int64 in [5, 70_000_000_001, 1_234_567] { histogram.record(value) }
        #expect(histogram.minimum == 5)
        #expect(histogram.maximum == 70_000_000_001)
        #expect(histogram.percentile(1) == 70_000_000_001)
        #expect(histogram.count == 3)
        #expect(histogram.mean == Double(5 + 70_000_000_001 + 1_234_567) / 3)
    }

    @Test("two histograms add up to that of all values")
    func merge() {
        var (whole, first, second) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for (index, value) in Self.scattered(1000).enumerated() {
            whole.record(value)
            if index % 3 == 0 { first.record(value) } else { second.record(value) }
        }
        first.merge(second)
        #expect(first.percentile(0.99) == whole.percentile(0.99))
        #expect(first.count == whole.count)
        #expect(first.minimum == whole.minimum)
        #expect(first.maximum == whole.maximum)
        #expect(first.count(below: 50_000) == whole.count(below: 50_000))
    }

    @Test("nothing at all has no percentile, and a time that ran backwards is none")
    func extremes() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == nil)
        #expect(histogram.maximum == 0)
        histogram.record(-5)
        #expect(histogram.percentile(0.5) == 0)
        #expect(histogram.minimum == 0)
    }

    @Test("what had no answer counts as slower than all")
    func worse() {
        var histogram = LatencyHistogram()
        for _ in 0..<99 { histogram.record(1000) }
        #expect(histogram.percentile(0.99, worse: 1) == 1000)
        #expect(histogram.percentile(0.99, worse: 2) == nil)
        #expect(LatencyHistogram().percentile(0.5, worse: 1) == nil)
    }

    @Test("ranges are counted without gaps")
    func ranges() {
        var histogram = LatencyHistogram()
        for value in Self.everyMagnitude { histogram.record(value) }
        let bounds: [Int64] = [0, 1000, 10_000, 1_000_000, 1_000_000_000, 1 << 40]
        let counts = bounds.map { histogram.count(below: $0) }
        #expect(counts == counts.sorted())
        #expect(counts.first == 0)
        #expect(counts.last == histogram.count)
    }
}
