/// What can happen to a pipeline.
public enum PipelineChange: Sendable, Hashable {
    /// It is there.
    case created
    /// It takes batches.
    case started
    /// It takes none for now.
    case paused
    /// It takes batches again.
    case resumed
    /// Somebody has ended it.
    case stopped
    /// An error has ended it.
    case failed(errorCode: String)
    /// It may be started again after a failure.
    case reset
    /// It is no longer there.
    case deleted
    /// A batch is done: how many of its records went well, how many did not, and how long it took.
    case batchProcessed(batchId: String, successCount: Int, failureCount: Int, processingTimeMs: Int)
    /// A batch has come to nothing.
    case batchFailed(batchId: String, errorCode: String)
    /// A batch has taken too long.
    case batchTimedOut(batchId: String)
    /// Something will be tried again, and how often it has been tried again by then.
    case retryScheduled(errorCode: String, retryCount: Int)
    /// Everything up to here is done with for good.
    case checkpointUpdated(offset: Int)
}

/// The table of transitions, the only one: decisions and states are both made by it.
extension PipelineChange {
    /// The states in which it can happen.
    var origins: [PipelineState] {
        switch self {
        case .created: [.empty]
        case .started: [.configured, .stopped]
        case .paused: [.running]
        case .resumed: [.paused]
        case .stopped, .failed: [.running, .paused]
        case .reset: [.failed]
        case .deleted: [.configured, .paused, .stopped, .failed]
        case .batchProcessed, .batchFailed, .batchTimedOut, .retryScheduled, .checkpointUpdated: [.running]
        }
    }

    /// The state that it leads to; nil if it leaves the pipeline in its state.
    var target: PipelineState? {
        switch self {
        case .created, .reset: .configured
        case .started, .resumed: .running
        case .paused: .paused
        case .stopped: .stopped
        case .failed: .failed
        case .deleted: .empty
        case .batchProcessed, .batchFailed, .batchTimedOut, .retryScheduled, .checkpointUpdated: nil
        }
    }
}
