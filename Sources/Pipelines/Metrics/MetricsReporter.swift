import Synchronization
public import Telemetry

/// The documented calls, for code that has no meter at hand: they go to the one that was started.
///
/// Before `start` and after `shutdown` each does nothing.
public enum MetricsReporter {
    private static let started = Mutex<PipelineMeter?>(nil)

    /// The meter that was started; nil before `start` and after `shutdown`.
    public static var meter: PipelineMeter? { started.withLock { $0 } }

    /// Makes a meter, adds its families to the registry, and lets the calls go to it.
    ///
    /// A registry has room for one meter: a second one throws `MetricsError.nameClash`.
    @discardableResult
    public static func start(
        in registry: Registry,
        limits: PipelineMeterLimits = PipelineMeterLimits()
    ) throws(MetricsError) -> PipelineMeter {
        let meter = try PipelineMeter(limits: limits)
        try registry.register(meter)
        start(meter)
        return meter
    }

    /// Lets the calls go to this meter, in place of the one before.
    public static func start(_ meter: PipelineMeter) { started.withLock { $0 = meter } }

    /// From now on the calls do nothing. What was counted stays in the registry: somebody may still come for it.
    public static func shutdown() { started.withLock { $0 = nil } }

    /// Counts a change of state, and remembers the new one.
    public static func recordStateTransition(pipelineId: String, fromState: PipelineState, toState: PipelineState) {
        meter?.recordStateTransition(pipelineId: pipelineId, fromState: fromState, toState: toState)
    }

    /// Counts a batch that was processed, its records by how they went, and how long it took.
    public static func recordBatchProcessed(
        pipelineId: String,
        successCount: Int,
        failureCount: Int,
        processingTimeMs: Int
    ) {
        meter?.recordBatchProcessed(
            pipelineId: pipelineId,
            successCount: successCount,
            failureCount: failureCount,
            processingTimeMs: processingTimeMs
        )
    }

    /// Counts a batch that has failed.
    public static func recordBatchFailed(pipelineId: String, errorCode: String) {
        meter?.recordBatchFailed(pipelineId: pipelineId, errorCode: errorCode)
    }

    /// Counts a retry.
    public static func recordRetryScheduled(pipelineId: String, errorCode: String, retryCount: Int) {
        meter?.recordRetryScheduled(pipelineId: pipelineId, errorCode: errorCode, retryCount: retryCount)
    }

    /// Counts a batch that took too long.
    public static func recordBatchTimeout(pipelineId: String, batchId: String) {
        meter?.recordBatchTimeout(pipelineId: pipelineId, batchId: batchId)
    }

    /// Counts a checkpoint.
    public static func recordCheckpointUpdate(pipelineId: String, offset: Int) {
        meter?.recordCheckpointUpdate(pipelineId: pipelineId, offset: offset)
    }

    /// Tells what the pipeline has done until now, of which its throughput is made.
    public static func updatePipelineMetrics(pipelineId: String, metrics: PipelineMetrics) {
        meter?.updatePipelineMetrics(pipelineId: pipelineId, metrics: metrics)
    }

    /// Ends the series of a pipeline, and frees its place.
    public static func remove(pipelineId: String) { meter?.remove(pipelineId: pipelineId) }
}
