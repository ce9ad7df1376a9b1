/// What can be asked of a pipeline.
public enum PipelineCommand: Sendable, Hashable {
    /// That there be one.
    case create
    /// That it take batches: a new one, one that was stopped, or one that is paused.
    case start
    /// That it take none for now.
    case pause
    /// That it go on after a pause.
    case resume
    /// That it end.
    case stop
    /// That it end because of an error.
    case fail(errorCode: String)
    /// That it may be started again after a failure.
    case reset
    /// That there be none any more. One that runs has to be stopped first.
    case delete
    /// To note a batch that is done.
    case reportBatch(batchId: String, successCount: Int, failureCount: Int, processingTimeMs: Int)
    /// To note a batch that has come to nothing. A timeout is no failure: whoever asks chooses which it was.
    case reportBatchFailure(batchId: String, errorCode: String)
    /// To note a batch that has taken too long.
    case reportBatchTimeout(batchId: String)
    /// To note that something will be tried again.
    case scheduleRetry(errorCode: String, retryCount: Int)
    /// To note how far everything is done with for good.
    case updateCheckpoint(offset: Int)
}

extension PipelineCommand {
    /// What is called by the command in a rejection.
    var name: String {
        switch self {
        case .create: "create"
        case .start: "start"
        case .pause: "pause"
        case .resume: "resume"
        case .stop: "stop"
        case .fail: "fail"
        case .reset: "reset"
        case .delete: "delete"
        case .reportBatch: "reportBatch"
        case .reportBatchFailure: "reportBatchFailure"
        case .reportBatchTimeout: "reportBatchTimeout"
        case .scheduleRetry: "scheduleRetry"
        case .updateCheckpoint: "updateCheckpoint"
        }
    }

    /// What it can lead to: the first that can happen in the pipeline's state does.
    var changes: [PipelineChange] {
        switch self {
        case .create: [.created]
        case .start: [.started, .resumed]
        case .pause: [.paused]
        case .resume: [.resumed]
        case .stop: [.stopped]
        case .fail(let errorCode): [.failed(errorCode: errorCode)]
        case .reset: [.reset]
        case .delete: [.deleted]
        case .reportBatch(let batchId, let successCount, let failureCount, let processingTimeMs):
            [
                .batchProcessed(
                    batchId: batchId,
                    successCount: successCount,
                    failureCount: failureCount,
                    processingTimeMs: processingTimeMs
                )
            ]
        case .reportBatchFailure(let batchId, let errorCode): [.batchFailed(batchId: batchId, errorCode: errorCode)]
        case .reportBatchTimeout(let batchId): [.batchTimedOut(batchId: batchId)]
        case .scheduleRetry(let errorCode, let retryCount):
            [.retryScheduled(errorCode: errorCode, retryCount: retryCount)]
        case .updateCheckpoint(let offset): [.checkpointUpdated(offset: offset)]
        }
    }

    /// The numbers in it, by name. None may be negative.
    var numbers: [(name: String, value: Int)] {
        switch self {
        case .reportBatch(_, let successCount, let failureCount, let processingTimeMs):
            [
                ("successCount", successCount), ("failureCount", failureCount),
                ("processingTimeMs", processingTimeMs),
            ]
        case .scheduleRetry(_, let retryCount): [("retryCount", retryCount)]
        case .updateCheckpoint(let offset): [("offset", offset)]
        default: []
        }
    }

    /// The texts in it, by name.
    var texts: [(name: String, value: String)] {
        switch self {
        case .reportBatch(let batchId, _, _, _), .reportBatchTimeout(let batchId): [("batchId", batchId)]
        case .reportBatchFailure(let batchId, let errorCode): [("batchId", batchId), ("errorCode", errorCode)]
        case .fail(let errorCode), .scheduleRetry(let errorCode, _): [("errorCode", errorCode)]
        default: []
        }
    }
}
