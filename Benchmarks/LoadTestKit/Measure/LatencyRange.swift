import Service

/// How many latencies lie in one range, of those that a report shows: 1, 2, 5, 10 … µs, to 50 s.
struct LatencyRange: Sendable, Hashable {
    /// In nanoseconds, where the next range begins; nil for what is longer than all.
    let below: Int64?
    let count: UInt64

    fileprivate static let bounds: [Int64] = {
        let decades = sequence(first: Int64(1000)) { $0 * 10 }.prefix { $0 <= 10_000_000_000 }
        return decades.flatMap { [$0, 2 * $0, 5 * $0] }
    }()
}

extension LatencyHistogram {
    /// Without gaps, from the first range with a value to the last: 25 at the most.
    var ranges: [LatencyRange] {
        var (ranges, before) = ([LatencyRange](), UInt64(0))
        for bound in LatencyRange.bounds where before < count {
            let total = count(below: bound)
            if total > before || !ranges.isEmpty { ranges.append(LatencyRange(below: bound, count: total - before)) }
            before = total
        }
        if before < count { ranges.append(LatencyRange(below: nil, count: count - before)) }
        return ranges
    }

    /// The latencies that are shown, in nanoseconds. 0 when nothing was measured.
    var percentiles: [(name: String, nanoseconds: Int64)] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)].map { name, fraction in
            (name, percentile(fraction) ?? 0)
        } + [("max", maximum)]
    }
}
