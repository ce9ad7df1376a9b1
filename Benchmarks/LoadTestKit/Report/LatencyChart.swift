import Service

/// How latencies are distributed, in lines of text: a row per range, on a logarithmic scale.
enum LatencyChart {
    private static let barWidth = 50

    static func text(_ histogram: LatencyHistogram) -> String {
        guard !histogram.isEmpty else { return "" }
        let ranges = histogram.ranges
        let largest = ranges.map(\.count).max() ?? 1
        return ranges.map { range in
            let bar = String(repeating: "#", count: length(range.count, of: largest))
            let percent = Quantity.decimal(100 * Double(range.count) / Double(histogram.count), places: 2)
            let name = range.below.map { "< \(label($0))" } ?? "more"
            return "\(name.aligned(10)) \(Quantity.count(range.count).aligned(12)) \(percent.aligned(6)) %  \(bar)"
                .trimmingEnd + "\n"
        }.joined()
    }

    /// What is there at all is seen.
    private static func length(_ count: UInt64, of largest: UInt64) -> Int {
        guard count > 0 else { return 0 }
        return max(1, Int((Double(count) / Double(largest) * Double(barWidth)).rounded()))
    }

    private static func label(_ nanoseconds: Int64) -> String {
        let units: [(Int64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs")]
        let (unit, name) = units.first { nanoseconds >= $0.0 } ?? (1, "ns")
        return "\(nanoseconds / unit) \(name)"
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
