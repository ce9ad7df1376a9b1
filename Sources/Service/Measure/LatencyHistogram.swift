/// Durations in log-linear buckets: exact to the nanosecond below 128 ns, then 128 buckets for every doubling.
///
/// A percentile is the middle of a bucket, so it is wrong by at most 0.4 %. The memory is fixed, and two histograms add up.
package struct LatencyHistogram: Sendable, Hashable {
    private static let subBuckets = 128
    private static let subBucketBits = 7
    /// Up to 2³⁶ ns, which is 68.7 s. What is longer is counted in the last bucket; `maximum` knows it exactly.
    private static let largest: Int64 = 1 << 36 - 1
    private static let bucketCount = index(of: largest) + 1

    private var counts = [UInt64](repeating: 0, count: bucketCount)
    package private(set) var count: UInt64 = 0
    /// Nanoseconds; 0 while there is no value.
    package private(set) var maximum: Int64 = 0
    private var smallest = Int64.max
    private var sum = 0.0

    package init() {}

    package var isEmpty: Bool { count == 0 }
    package var minimum: Int64 { isEmpty ? 0 : smallest }
    package var mean: Double { isEmpty ? 0 : sum / Double(count) }

    package mutating func record(_ nanoseconds: Int64) {
        let value = max(0, nanoseconds)
        counts[Self.index(of: min(value, Self.largest))] &+= 1
        count &+= 1
        sum += Double(value)
        smallest = min(smallest, value)
        maximum = max(maximum, value)
    }

    package mutating func merge(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        count &+= other.count
        sum += other.sum
        smallest = min(smallest, other.smallest)
        maximum = max(maximum, other.maximum)
    }

    /// The nanoseconds that `fraction` of all values do not exceed.
    ///
    /// - Parameter worse: how many more there were that would be longer than any. Nil when the answer is one of those.
    package func percentile(_ fraction: Double, worse: UInt64 = 0) -> Int64? {
        let total = count &+ worse
        let rank = max(1, min(total, UInt64((Double(total) * fraction).rounded(.up))))
        guard rank <= count else { return nil }
        var seen: UInt64 = 0
        for (index, bucket) in counts.enumerated() where bucket > 0 {
            seen &+= bucket
            // The longest of all is known exactly, whatever its bucket.
            if seen == count, rank == count { return maximum }
            if seen >= rank {
                let range = Self.range(of: index)
                let middle = range.lowerBound + (range.upperBound - range.lowerBound - 1) / 2
                return min(max(middle, minimum), maximum)
            }
        }
        return nil
    }

    /// How many values lie in the buckets that begin below `nanoseconds`.
    package func count(below nanoseconds: Int64) -> UInt64 {
        var total: UInt64 = 0
        for (index, bucket) in counts.enumerated() {
            if Self.range(of: index).lowerBound >= nanoseconds { break }
            total &+= bucket
        }
        return total
    }

    // MARK: Buckets

    private static func index(of value: Int64) -> Int {
        guard value >= Int64(subBuckets) else { return Int(value) }
        let exponent = Int64.bitWidth - 1 - value.leadingZeroBitCount
        let shift = exponent - subBucketBits
        return (shift + 1) << subBucketBits + Int(value >> Int64(shift)) - subBuckets
    }

    private static func range(of index: Int) -> Range<Int64> {
        guard index >= subBuckets else { return Int64(index)..<Int64(index + 1) }
        let shift = index >> subBucketBits - 1
        let first = Int64(index & (subBuckets - 1) + subBuckets) << Int64(shift)
        return first..<first + 1 << Int64(shift)
    }
}
