import AsyncHTTP

/// When the requests of one worker are due, if all workers together are to send them at a fixed rate.
///
/// Worker `n` of `m` has every `m`-th request, beginning with the `n`-th. A moment is reckoned from the start, never from
/// the request before it, so that errors do not add up.
struct RateSchedule: Sendable {
    private let start: MonotonicInstant
    private let interval: Double
    private let offset: Int
    private let stride: Int
    private(set) var taken = 0

    init(from start: MonotonicInstant, rate: RequestRate, worker: Int = 0, of workers: Int = 1) {
        self.start = start
        interval = rate.interval
        offset = worker
        stride = workers
    }

    /// Gives away the next moment, however long ago it was.
    mutating func take() -> MonotonicInstant {
        defer { taken += 1 }
        return moment(taken)
    }

    /// How many moments from `first` up to and without `end` nobody has taken.
    func untaken(from first: MonotonicInstant, to end: MonotonicInstant) -> Int {
        max(0, count(before: end) - max(taken, count(before: first)))
    }

    /// The moment behind so many, the first of which is the first from `first` on; the end of time when it lies beyond that.
    func end(of count: Int, from first: MonotonicInstant) -> MonotonicInstant {
        moment(self.count(before: first) + count)
    }

    private func moment(_ index: Int) -> MonotonicInstant {
        // Doubles hold whole nanoseconds of a hundred days.
        let offset = (Double(index * stride + offset) * interval).rounded()
        guard offset < Double(Int64.max) / 2 else { return .distantFuture }
        return MonotonicInstant(nanoseconds: start.nanoseconds &+ Int64(offset))
    }

    private func count(before end: MonotonicInstant) -> Int {
        let passed = Double(max(0, end.nanoseconds &- start.nanoseconds))
        let estimate = Int((passed / interval - Double(offset)) / Double(stride))
        var count = max(0, estimate - 1)
        while moment(count) < end { count += 1 }
        return count
    }
}

/// Requests per second, in thousandths.
struct RequestRate: Sendable, Hashable {
    let milliPerSecond: Int64

    init(milliPerSecond: Int64) {
        self.milliPerSecond = milliPerSecond
    }

    static func perSecond(_ count: Int64) -> RequestRate { RequestRate(milliPerSecond: count * 1000) }

    var perSecond: Double { Double(milliPerSecond) / 1000 }

    /// Nanoseconds between two requests.
    var interval: Double { 1e12 / Double(milliPerSecond) }
}
