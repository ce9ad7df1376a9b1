/// How latencies are distributed, in lines of text: a row per range, on a logarithmic scale.
enum LatencyChart {
    private static let barWidth = 50

    static func text(_ histogram: LatencyHistogram) -> String {
        guard !histogram.isEmpty else { return "" }
        var rows: [(bound: Int64, count: UInt64)] = []
        var (below, bound) = (UInt64(0), Int64(1000))
        var step = 0
        while below < histogram.count {
            let total = histogram.count(below: bound)
            let isLast = bound > 1 << 36
            if total > below || !rows.isEmpty { rows.append((bound, (isLast ? histogram.count : total) - below)) }
            below = isLast ? histogram.count : total
            // 1, 2, 5, 10 …
            bound = step % 3 == 1 ? bound / 2 * 5 : bound * 2
            step += 1
        }
        let largest = rows.map(\.count).max() ?? 1
        return rows.map { bound, count in
            let bar = String(repeating: "#", count: length(count, of: largest))
            let percent = Quantity.decimal(100 * Double(count) / Double(histogram.count), places: 2)
            let label = bound > 1 << 36 ? "more" : "< \(label(bound))"
            return "\(label.aligned(10)) \(Quantity.count(count).aligned(12)) \(percent.aligned(6)) %  \(bar)"
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
