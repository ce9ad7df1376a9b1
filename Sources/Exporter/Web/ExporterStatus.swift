import AsyncHTTP
import Cache
import Synchronization

/// What the polling loop tells the serving loops, besides the metrics.
final class ExporterStatus: Sendable {
    /// The state after the latest poll.
    let polls = SnapshotCell(PollState())
    private let draining = Atomic<Bool>(false)
    private let heartbeat = Atomic<Int64>(MonotonicInstant.now.nanoseconds)

    init() {}

    /// The program has been asked to end.
    var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// To be called about once a second by the polling loop, for as long as it runs.
    func beat() {
        heartbeat.store(MonotonicInstant.now.nanoseconds, ordering: .relaxed)
    }

    /// Since the polling loop was last seen to run.
    func silence(at now: MonotonicInstant) -> Duration {
        MonotonicInstant(nanoseconds: heartbeat.load(ordering: .relaxed)).duration(to: now)
    }
}
