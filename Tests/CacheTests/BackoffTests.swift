import Cache
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test(
        "the first ten waits of the default are the documented ones",
        arguments: zip(1...10, [1, 2, 4, 8, 16, 30, 30, 30, 30, 30])
    )
    func table(failures: Int, seconds: Int) {
        #expect(Backoff().base(afterFailures: failures) == .seconds(seconds))
    }

    @Test(
        "no count and no configuration overflows",
        arguments: [
            Backoff(), Backoff(initial: .zero, factor: .max, cap: .seconds(Int64.max)),
            Backoff(initial: .seconds(Int64.max), factor: -5, cap: .zero, jitter: .infinity),
            Backoff(initial: .seconds(-1), factor: 1, cap: .seconds(-1), jitter: -.infinity),
            Backoff(initial: .nanoseconds(1), factor: 2, cap: .seconds(Int64.max), jitter: .nan),
        ],
        [Int.min, -1, 0, 1, 2, 63, 64, 65, 1_000_000, Int.max]
    )
    func bounds(backoff: Backoff, failures: Int) {
        // Not the system's: it is a value without a byte, whose address ThreadSanitizer cannot take.
        var generator = SeededGenerator(seed: 5)
        let base = backoff.base(afterFailures: failures)
        #expect(base >= Backoff.shortest)
        #expect(base <= backoff.cap)
        let wait = backoff.wait(afterFailures: failures, using: &generator)
        #expect(wait > .zero)
        #expect(wait <= Backoff.longest * 2)
    }

    @Test("jitter is at least 20 % to both sides and stays within what was configured", arguments: [0, 0.2, 0.5, 5])
    func jitter(configured: Double) {
        let backoff = Backoff(initial: .seconds(10), jitter: configured)
        let jitter = min(max(configured, 0.2), 0.9)
        var generator = SeededGenerator(seed: 7)
        let waits = (0..<10_000).map { _ in backoff.wait(afterFailures: 1, using: &generator) / .seconds(10) }
        #expect(waits.allSatisfy { abs($0 - 1) <= jitter + 1e-9 })
        #expect((waits.min() ?? 1) < 1 - jitter * 0.99)
        #expect((waits.max() ?? 1) > 1 + jitter * 0.99)
    }

    @Test("no wait before jitter exceeds the cap, not even the first", arguments: [0, 1, 2, 9])
    func cap(failures: Int) {
        let backoff = Backoff(initial: .seconds(60), cap: .seconds(5))
        #expect(backoff.cap == .seconds(5))
        #expect(backoff.base(afterFailures: failures) == .seconds(5))
    }

    @Test("a factor of one keeps the first wait")
    func constant() {
        #expect(Backoff(initial: .seconds(3), factor: 1).base(afterFailures: .max) == .seconds(3))
    }
}
