/// How many requests are answered in a while.
package struct RequestRate: Sendable, Hashable {
    /// Between two requests, in nanoseconds. Less than zero is as often as anybody likes.
    package let interval: Int64
    /// How many may come at once after a pause. None at all when there is none.
    package let burst: Int

    package init(interval: Int64, burst: Int) {
        self.interval = interval
        self.burst = burst
    }
}
