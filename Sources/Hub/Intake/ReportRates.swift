package import Access
import AsyncHTTP
import Synchronization

/// How often each component may report.
package final class ReportRates: Sendable {
    private let rate: RequestRate?
    private let limit: Int
    private let buckets = Mutex<[Component: TokenBucket]>([:])

    /// - Parameters:
    ///   - rate: nil is as often as it likes.
    ///   - limit: of how many components this is remembered.
    package init(_ rate: RequestRate?, limit: Int) {
        self.rate = rate
        self.limit = limit
    }

    /// - Returns: nil when it may, otherwise how long to wait.
    func take(_ component: Component, at now: MonotonicInstant) -> Duration? {
        guard let rate else { return nil }
        return buckets.withLock { buckets in
            if buckets.count >= limit, buckets[component] == nil {
                // Whoever may report at once anyway need not be remembered. If that is nobody, all begin anew: better too many
                // reports than none.
                buckets = buckets.filter { !$0.value.isFull(at: now.nanoseconds) }
                if buckets.count >= limit { buckets = [:] }
            }
            return buckets[component, default: TokenBucket(rate, at: now.nanoseconds)].take(at: now.nanoseconds)
                .map { .nanoseconds($0) }
        }
    }
}
