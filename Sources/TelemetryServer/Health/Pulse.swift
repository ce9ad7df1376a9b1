package import AsyncHTTP
import Synchronization

/// Whether a program is alive and means to stay: the loop that keeps things fresh says so about once a second, and serving loops
/// look at it.
package final class Pulse: Sendable {
    /// A loop that has not been seen for so long does not run any more.
    static let longestSilence = Duration.seconds(15)

    private let draining = Atomic<Bool>(false)
    private let heartbeat: Atomic<Int64>

    package init(at now: MonotonicInstant = .now) {
        heartbeat = Atomic(now.nanoseconds)
    }

    /// The program has been asked to end.
    package var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// To be called about once a second by the loop, for as long as it runs.
    package func beat(at now: MonotonicInstant = .now) {
        heartbeat.store(now.nanoseconds, ordering: .relaxed)
    }

    /// Whether the loop was seen lately.
    package func isBeating(at now: MonotonicInstant = .now) -> Bool {
        MonotonicInstant(nanoseconds: heartbeat.load(ordering: .relaxed)).duration(to: now) < Self.longestSilence
    }
}
