/// One pipeline as the events of its log have made it: a value, which knows nothing of logs, threads and metrics families.
public struct Pipeline: Sendable, Hashable {
    /// What it is called.
    public let id: String
    /// What it is doing.
    public private(set) var state = PipelineState.empty
    /// The number of the last event that has made it what it is; 0 before the first.
    public private(set) var version: UInt64 = 0
    /// What it has done.
    public private(set) var metrics = PipelineMetrics()
    /// How far everything is done with for good.
    public private(set) var checkpoint: Int?
    /// How often it has tried the present thing again. Zero after a batch that was processed, and unless it is running.
    public private(set) var retryCount = 0
    /// The last batch that was processed, has failed or took too long.
    public private(set) var lastBatchId: String?
    /// When that was, since 1970.
    public private(set) var lastBatchTime: Duration?
    /// Why it has failed, while it is failed.
    public private(set) var errorCode: String?
    /// When it was created, since 1970.
    public private(set) var created: Duration?
    /// When it came into its state, since 1970.
    public private(set) var changed: Duration?

    /// A pipeline that was not created yet.
    public init(id: String) { self.id = id }
}

// MARK: Decisions

extension Pipeline {
    /// What the command leads to, or why it leads to nothing. It changes nothing.
    public func decide(_ command: PipelineCommand) throws(PipelineRejection) -> PipelineChange {
        guard let change = command.changes.first(where: { $0.origins.contains(state) }) else {
            throw .notPossible(command, in: state)
        }
        for number in command.numbers where number.value < 0 {
            throw .negative(name: number.name, value: number.value)
        }
        if case .updateCheckpoint(let offset) = command, let checkpoint, offset < checkpoint {
            throw .checkpointBehind(offset: offset, current: checkpoint)
        }
        return change
    }
}

// MARK: Events

extension Pipeline {
    /// This pipeline after one more event.
    ///
    /// It takes any event: one that cannot be in the pipeline's state, as a log from elsewhere may have, changes nothing but
    /// `version`.
    public func applying(_ event: PipelineEvent) -> Pipeline {
        var next = self
        next.apply(event)
        return next
    }

    mutating func apply(_ event: PipelineEvent) {
        version = event.number
        guard event.change.origins.contains(state) else { return }
        switch event.change {
        case .created: created = event.time
        case .started, .resumed, .paused, .stopped: break
        case .failed(let code): errorCode = code
        case .reset: errorCode = nil
        case .deleted: self = Pipeline(id: id, deletedBy: event)
        case .batchProcessed(let batchId, let successCount, let failureCount, let processingTimeMs):
            metrics = metrics.incrementBatch(ok: successCount, ko: failureCount, timeMs: processingTimeMs)
            retryCount = 0
            note(batchId, event.time)
        case .batchFailed(let batchId, _), .batchTimedOut(let batchId): note(batchId, event.time)
        case .retryScheduled(_, let count): retryCount = count
        case .checkpointUpdated(let offset): checkpoint = offset
        }
        guard let target = event.change.target else { return }
        state = target
        changed = event.time
        retryCount = 0
    }

    private mutating func note(_ batchId: String, _ time: Duration) {
        lastBatchId = batchId
        lastBatchTime = time
    }

    private init(id: String, deletedBy event: PipelineEvent) {
        self.init(id: id)
        version = event.number
    }
}
