extension PipelineMeter {
    /// Records an event that was stored. A replay stores nothing, and must not come here.
    ///
    /// - Parameters:
    ///   - state: the pipeline's before the event.
    ///   - pipeline: what it has become.
    func record(_ event: PipelineEvent, from state: PipelineState, to pipeline: Pipeline) {
        let id = pipeline.id
        switch event.change {
        case .deleted:
            return remove(pipelineId: id)
        case .batchProcessed(_, let successCount, let failureCount, let processingTimeMs):
            recordBatchProcessed(
                pipelineId: id,
                successCount: successCount,
                failureCount: failureCount,
                processingTimeMs: processingTimeMs
            )
            updatePipelineMetrics(pipelineId: id, metrics: pipeline.metrics)
        case .batchFailed(_, let errorCode):
            recordBatchFailed(pipelineId: id, errorCode: errorCode)
        case .batchTimedOut(let batchId):
            recordBatchTimeout(pipelineId: id, batchId: batchId)
        case .retryScheduled(let errorCode, let retryCount):
            recordRetryScheduled(pipelineId: id, errorCode: errorCode, retryCount: retryCount)
        case .checkpointUpdated(let offset):
            recordCheckpointUpdate(pipelineId: id, offset: offset)
        case .created, .started, .paused, .resumed, .stopped, .failed, .reset:
            recordStateTransition(pipelineId: id, fromState: state, toState: pipeline.state)
        }
    }
}
