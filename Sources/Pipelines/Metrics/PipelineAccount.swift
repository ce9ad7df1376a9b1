import Synchronization

/// The counts of one pipeline, which any thread may add to. Its lock is held for a few additions, and for one copy a render.
final class PipelineAccount: Sendable {
    /// What it is called among the others.
    let pipelineId: String
    private let counts: Mutex<PipelineCounts>

    init(pipelineId: String, isShared: Bool, limits: PipelineMeterLimits, since start: ContinuousClock.Instant) {
        self.pipelineId = pipelineId
        counts = Mutex(PipelineCounts(pipelineId: pipelineId, isShared: isShared, limits: limits, since: start))
    }

    /// Adds to the counts.
    func update<Result: Sendable>(_ body: (inout PipelineCounts) -> Result) -> Result {
        counts.withLock { body(&$0) }
    }

    /// All of one moment.
    func read(at now: ContinuousClock.Instant) -> (counts: PipelineCounts, recordsPerSecond: Double) {
        counts.withLock { counts in
            let recordsPerSecond = counts.recordsPerSecond(at: now)
            return (counts, recordsPerSecond)
        }
    }
}
