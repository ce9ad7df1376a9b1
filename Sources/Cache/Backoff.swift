/// How long to wait after failures: the first wait is short, each further one is `factor` times longer, up to a cap.
///
/// With the default values (1 s, doubling, 30 s) the waits after the 1st … 10th failure in a row are, before jitter:
///
/// | failures | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
/// |---|---|---|---|---|---|---|---|---|---|---|
/// | seconds | 1 | 2 | 4 | 8 | 16 | 30 | 30 | 30 | 30 | 30 |
///
/// Jitter spreads each of them by at least ±20 %, so that many exporters that lost one agent do not come back in step.
/// It is applied last: a wait may exceed the cap by the jitter.
public struct Backoff: Sendable, Hashable {
    /// The least jitter there is: ±20 %. A smaller one is raised to this.
    public static let leastJitter = 0.2
    /// The most jitter there is: ±90 %, so that a wait never becomes nothing.
    public static let mostJitter = 0.9
    /// The shortest wait, so that a wrong configuration cannot make a retry loop spin.
    public static let shortest = Duration.milliseconds(1)
    /// The longest wait before jitter, which keeps every product far from overflow.
    public static let longest = Duration.seconds(365 * 24 * 60 * 60)

    /// The wait after the first failure; the cap where that is less.
    public let initial: Duration
    /// How many times longer each further wait is; at least 1.
    public let factor: Int
    /// The longest wait, before jitter.
    public let cap: Duration
    /// The spread to both sides, as a fraction of the wait.
    public let jitter: Double

    /// Values out of range are moved into it; they come from flags that have been checked where they were read.
    public init(
        initial: Duration = .seconds(1),
        factor: Int = 2,
        cap: Duration = .seconds(30),
        jitter: Double = Backoff.leastJitter
    ) {
        let cap = min(max(cap, Self.shortest), Self.longest)
        self.initial = min(max(initial, Self.shortest), cap)
        self.factor = max(factor, 1)
        self.cap = cap
        self.jitter = min(max(Self.leastJitter, jitter), Self.mostJitter)
    }

    /// The wait before jitter after so many failures in a row. Never overflows, whatever the count.
    public func base(afterFailures failures: Int) -> Duration {
        var wait = initial
        guard factor > 1, failures > 1 else { return wait }
        for _ in 1..<failures {
            guard wait < cap / factor else { return cap }
            wait *= factor
        }
        return wait
    }

    /// The wait with its jitter, which comes from the given generator.
    public func wait(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        base(afterFailures: failures) * Double.random(in: (1 - jitter)...(1 + jitter), using: &generator)
    }
}
