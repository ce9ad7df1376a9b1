import AsyncHTTP
import Service

/// What was measured of one URL or of all, by one worker or by all.
struct Measurement: Sendable, Hashable {
    /// Of valid answers, from the moment when their request was due.
    var latency = LatencyHistogram()
    var failures = FailureCounts()
    /// Bytes of valid answers, with their heads.
    var bytes: UInt64 = 0
    /// Valid answers that were complete before the end of the measurement. The rate is theirs.
    var inTime: UInt64 = 0
    /// Requests that were due and for which no connection was free until the end.
    var unsent: UInt64 = 0
    /// Slow readers that the server has thrown out.
    var slowReadersClosed: UInt64 = 0

    /// When the last request was over, well or not. Nil when there was none.
    private(set) var completed: MonotonicInstant?

    init() {}

    var answers: UInt64 { latency.count }
    /// Requests that were due and got no valid answer.
    var misses: UInt64 { failures.total &+ unsent }

    mutating func record(_ count: Int, due: MonotonicInstant, at now: MonotonicInstant, isInTime: Bool) {
        latency.record(now.nanoseconds &- due.nanoseconds)
        bytes &+= UInt64(count)
        if isInTime { inTime &+= 1 }
        completed = now
    }

    mutating func record(_ failure: LoadFailure, at now: MonotonicInstant) {
        failures.record(failure)
        completed = now
    }

    /// All of them together.
    static func sum(_ parts: some Sequence<Measurement>) -> Measurement {
        parts.reduce(into: Measurement()) { $0.merge($1) }
    }

    mutating func merge(_ other: Measurement) {
        latency.merge(other.latency)
        failures.merge(other.failures)
        bytes &+= other.bytes
        inTime &+= other.inTime
        unsent &+= other.unsent
        slowReadersClosed &+= other.slowReadersClosed
        completed = [completed, other.completed].compactMap(\.self).max()
    }
}
