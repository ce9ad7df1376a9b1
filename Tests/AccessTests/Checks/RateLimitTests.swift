import AsyncHTTP
import Synchronization
import Testing

@testable import Access

@Suite("Rate limit")
struct RateLimitTests {
    /// When each request comes, in milliseconds, and what becomes of it: how long until the next token, rounded up, or nothing.
    private func waits(_ rate: RequestRate, _ moments: [Int64]) -> [Int64?] {
        var bucket = TokenBucket(rate, at: 0)
        return moments.map { bucket.take(at: $0 * 1_000_000).map { $0 / 1_000_000 + ($0 % 1_000_000 > 0 ? 1 : 0) } }
    }

    @Test("a burst passes at once, and after it one for each interval")
    func burst() {
        let rate = RequestRate(interval: 1_000_000_000, burst: 3)
        #expect(
            waits(rate, [0, 0, 0, 0, 500, 1000, 1000, 1999, 2000]) == [nil, nil, nil, 1000, 500, nil, 1000, 1, nil]
        )
    }

    @Test("what is not used is kept up to the burst, and no further")
    func saving() {
        let rate = RequestRate(interval: 1_000_000_000, burst: 2)
        #expect(waits(rate, [0, 0, 1_000_000, 1_000_000, 1_000_000]) == [nil, nil, nil, nil, 1000])
    }

    @Test("a request that is refused takes nothing, and a clock that goes back gives nothing")
    func fairness() {
        let rate = RequestRate(interval: 1_000_000_000, burst: 1)
        #expect(waits(rate, [0, 900, 990, 1000, 500, 1999, 2000]) == [nil, 100, 10, nil, 1000, 1, nil])
    }

    @Test("without a burst nobody passes, and with an interval below zero everybody does")
    func extremes() {
        #expect(waits(RequestRate(interval: 1_000_000_000, burst: 0), [0, 9000]) == [1000, 1000])
        #expect(waits(RequestRate(interval: 1_000_000_000, burst: -1), [0]) == [1000])
        #expect(waits(RequestRate(interval: -1, burst: 0), [0, 0]) == [nil, nil])
        #expect(waits(RequestRate(interval: 1, burst: .max), [0, 0, 0]) == [nil, nil, nil])
        #expect(waits(RequestRate(interval: .max, burst: 1), [0, 0]) == [nil, Int64.max / 1_000_000 + 1])
        var bucket = TokenBucket(RequestRate(interval: 1_000_000_000, burst: 1), at: .min)
        #expect(bucket.take(at: .max) == nil)
    }

    private final class ManualClock: Sendable {
        let moment = Atomic<Int64>(0)
        var now: @Sendable () -> MonotonicInstant {
            { MonotonicInstant(nanoseconds: self.moment.load(ordering: .relaxed)) }
        }
    }

    @Test("who comes too early is told when to come again, in whole seconds")
    func answers() throws {
        let (clock, counters) = (ManualClock(), AccessCounters())
        let limit = RateLimit(RequestRate(interval: 2_500_000_000, burst: 1), counters: counters, now: clock.now)
        let ask = Asking(limit)
        #expect(try ask() == "200 welcome stranger")
        #expect(try ask() == "429 too many requests")
        #expect(try ask.field("Retry-After") == ["3"])
        clock.moment.store(2_499_999_999, ordering: .relaxed)
        #expect(try ask.field("Retry-After") == ["1"])
        clock.moment.store(2_500_000_000, ordering: .relaxed)
        #expect(try ask() == "200 welcome stranger")
        #expect(counters.statistics == AccessStatistics(rateLimited: 3))
    }

    @Test("without a rate everybody passes, and a new one counts from when it comes")
    func reload() throws {
        let clock = ManualClock()
        let limit = RateLimit(now: clock.now)
        let ask = Asking(limit)
        for _ in 0..<3 { #expect(try ask() == "200 welcome stranger") }
        let rate = RequestRate(interval: 1_000_000_000, burst: 1)
        let before = limit.generation
        limit.replace(with: rate)
        #expect(limit.generation != before)
        #expect(try ask() == "200 welcome stranger")
        #expect(try ask() == "429 too many requests")
        limit.replace(with: rate)
        #expect(try ask() == "429 too many requests")
        limit.replace(with: nil)
        #expect(try ask() == "200 welcome stranger")
    }

    @Test("what a rate admits is admitted once, so that the next is counted, too")
    func memory() throws {
        try withStandingServer(behind: RateLimit(RequestRate(interval: 3_600_000_000_000, burst: 8))) { client in
            var statuses: [Int] = []
            for _ in 0..<10 { statuses.append(try await client.get("/").status) }
            #expect(statuses == Array(repeating: 200, count: 8) + [429, 429])
        }
    }

    @Test("what passes without a rate is remembered, until there is one")
    func remembered() throws {
        let limit = RateLimit()
        try withStandingServer(behind: limit) { client in
            for _ in 0..<5 { #expect(try await client.get("/").status == 200) }
            limit.replace(with: RequestRate(interval: 3_600_000_000_000, burst: 1))
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await client.get("/").status) }
            #expect(statuses == [200, 429, 429])
        }
    }
}
