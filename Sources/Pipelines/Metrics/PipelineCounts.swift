import Telemetry

/// All that is counted of one pipeline, under somebody else's lock.
struct PipelineCounts: Sendable {
    let labels: PipelineLabels
    /// Whether it stands for all pipelines beyond the limit. They have no state in common, and no totals.
    let isShared: Bool
    private(set) var state: PipelineState?
    /// One for each state, made when it is known to be in one.
    private(set) var stateLabels: [Labels] = []
    private(set) var transitions: TransitionCounts
    private(set) var batchesProcessed: UInt64 = 0
    private(set) var batchTimeouts: UInt64 = 0
    private(set) var batchTimes = BatchTimes()
    private(set) var recordsProcessed: UInt64 = 0
    private(set) var recordsFailed: UInt64 = 0
    private(set) var checkpointUpdates: UInt64 = 0
    private(set) var errors: ErrorCounts
    private var throughput: ThroughputWindow
    /// The records that the last `PipelineMetrics` had told of.
    private var toldRecords: UInt64?

    init(pipelineId: String, isShared: Bool, limits: PipelineMeterLimits, since start: ContinuousClock.Instant) {
        labels = PipelineLabels(pipelineId: pipelineId)
        self.isShared = isShared
        transitions = TransitionCounts(of: labels)
        errors = ErrorCounts(of: labels, limit: limits.errorCodes)
        throughput = ThroughputWindow(window: limits.throughputWindow, since: start)
    }

    mutating func set(_ state: PipelineState) {
        guard !isShared else { return }
        if stateLabels.isEmpty { stateLabels = PipelineState.allCases.map(labels.state) }
        self.state = state
    }

    mutating func countTransition(from: PipelineState, to: PipelineState) {
        transitions.count(from: from, to: to)
        set(to)
    }

    /// What is negative counts as zero.
    mutating func countBatch(successCount: Int, failureCount: Int, processingTimeMs: Int) {
        batchesProcessed.add(1)
        recordsProcessed.add(UInt64(clamping: successCount))
        recordsFailed.add(UInt64(clamping: failureCount))
        batchTimes.observe(milliseconds: UInt64(clamping: processingTimeMs))
    }

    /// True if the code has no series of its own.
    mutating func count(_ occasion: ErrorCounts.Occasion, code: String) -> Bool {
        errors.count(occasion, code: code)
    }

    mutating func countTimeout() { batchTimeouts.add(1) }

    mutating func countCheckpoint() { checkpointUpdates.add(1) }

    /// What has been processed since it was told last. Where that is not known, for what was done before this process began
    /// would come at once, it is the last batch.
    mutating func tell(_ metrics: PipelineMetrics) {
        if let toldRecords, toldRecords <= metrics.recordsProcessed {
            throughput.add(metrics.recordsProcessed - toldRecords)
        } else {
            throughput.add(metrics.lastBatchRecords)
        }
        if !isShared { toldRecords = metrics.recordsProcessed }
    }

    mutating func recordsPerSecond(at now: ContinuousClock.Instant) -> Double { throughput.rate(at: now) }
}
