package import AsyncHTTP
import Synchronization

/// Answers no more requests than a rate allows, whoever sends them. Where there is a rate, nothing that it admits is remembered:
/// it wants to be asked each time.
package final class RateLimit: Middleware {
    private struct State {
        var rate: RequestRate?
        var bucket: TokenBucket?
        var generation: UInt64 = 1
    }

    private let state = Mutex(State())
    private let current = Atomic<UInt64>(1)
    private let now: @Sendable () -> MonotonicInstant
    private let counters: AccessCounters

    /// - Parameter rate: nil is as many as like.
    package init(
        _ rate: RequestRate? = nil,
        counters: AccessCounters = AccessCounters(),
        now: @escaping @Sendable () -> MonotonicInstant = { .now }
    ) {
        self.now = now
        self.counters = counters
        replace(with: rate)
    }

    package var generation: UInt64 { current.load(ordering: .acquiring) }

    /// From now on this one counts. The same one again forgets nothing.
    package func replace(with rate: RequestRate?) {
        let moment = now().nanoseconds
        state.withLock { state in
            guard state.rate != rate else { return }
            state.rate = rate
            state.bucket = rate.map { TokenBucket($0, at: moment) }
            state.generation &+= 1
            current.store(state.generation, ordering: .releasing)
        }
    }

    package func admit(_ request: Request) -> Admission {
        let moment = now().nanoseconds
        let (unlimited, wait): (UInt64?, Int64?) = state.withLock { state in
            state.bucket == nil ? (state.generation, nil) : (nil, state.bucket?.take(at: moment))
        }
        if let unlimited { return .admit(generation: unlimited) }
        guard let wait else { return .admitOnce }
        counters.count(.rateLimited)
        // Rounded up: who comes back at that second finds a token.
        let seconds = wait / 1_000_000_000 + (wait % 1_000_000_000 > 0 ? 1 : 0)
        guard let answer = try? AccessAnswers.tooMany("too many requests", after: max(1, seconds)) else {
            return .admitOnce
        }
        return .refuse(answer)
    }
}
