import AsyncHTTP
import Cache
import Pipelines
import Telemetry

/// Processes batches, some at a time, on one loop: waits as long as each takes, tries again what has failed, and tells the pipeline
/// what has become of it.
actor BatchProcessor<Time: Clock> where Time.Instant == MonotonicInstant {
    private enum Attempt {
        case done(Duration)
        case failed
        case late
        /// The program ends before it is done.
        case abandoned
    }

    /// What becomes of a batch that was taken.
    private enum Outcome {
        case done
        /// It comes again.
        case held
        case abandoned
    }

    /// How exactly a retry comes when it is due.
    private let look = Duration.milliseconds(50)
    /// While there are none: no first wait is shorter.
    private let rest = Duration.milliseconds(500)

    private nonisolated let queue: BatchQueue
    private nonisolated let configuration: ProcessingConfiguration
    private nonisolated let loop: EventLoop
    private nonisolated let pipeline: PipelineAggregate
    private nonisolated let tasks: TaskMetrics
    private nonisolated let records: Histogram?
    private nonisolated let clock: Time
    private nonisolated let wallClock: @Sendable () -> Duration
    private var workload: Workload
    private var finished = 0
    private var checkpoint = 0
    private var retries: [(due: MonotonicInstant, batch: Batch)] = []

    /// - Parameters:
    ///   - records: told how many records each batch had.
    ///   - wallClock: the time since 1970.
    init(
        _ configuration: ProcessingConfiguration,
        from queue: BatchQueue,
        _ pipeline: PipelineAggregate,
        _ tasks: TaskMetrics,
        records: Histogram? = nil,
        seed: UInt64,
        clock: Time,
        wallClock: @escaping @Sendable () -> Duration,
        on loop: EventLoop
    ) {
        self.configuration = configuration
        self.pipeline = pipeline
        self.tasks = tasks
        self.records = records
        self.queue = queue
        self.clock = clock
        self.wallClock = wallClock
        self.loop = loop
        workload = Workload(configuration, seed: seed)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Goes on until the queue has ended and is empty.
    func run() async throws {
        try await pipeline.handle(.create, at: wallClock())
        try await pipeline.handle(.start, at: wallClock())
        await withTaskCancellationHandler {
            await withTaskGroup { group in
                group.addTask { await self.keepCheckpoints() }
                group.addTask { await self.keepRetries() }
                await withDiscardingTaskGroup { workers in
                    for _ in 0..<configuration.concurrency { workers.addTask { await self.work() } }
                }
                group.cancelAll()
            }
        } onCancel: {
            queue.close()
        }
        try await noteCheckpoint()
        try await pipeline.handle(.stop, at: wallClock())
    }

    private func work() async {
        while let batch = await queue.next() {
            switch await process(batch) {
            case .done: queue.done()
            case .held: break
            case .abandoned: queue.giveUp()
            }
        }
    }

    private func process(_ batch: Batch) async -> Outcome {
        var batch = batch
        batch.began = batch.began ?? clock.now
        let code: String
        switch await attempt(batch) {
        case .abandoned: return .abandoned
        case .done(let took):
            await tell(
                .reportBatch(
                    batchId: batch.id,
                    successCount: batch.records - batch.brokenRecords,
                    failureCount: batch.brokenRecords,
                    processingTimeMs: Int(clamping: took.clampedMilliseconds)
                )
            )
            records?.observe(Double(batch.records))
            tasks.completed.increment()
            finish(batch)
            return .done
        case .failed: code = PlayedFailure.failure.code
        case .late:
            await tell(.reportBatchTimeout(batchId: batch.id))
            code = PlayedFailure.timeout.code
        }
        tasks.errors.increment()
        batch.failures += 1
        guard batch.failures <= configuration.retries else {
            // What took too long has been counted as that.
            if code != PlayedFailure.timeout.code {
                await tell(.reportBatchFailure(batchId: batch.id, errorCode: code))
            }
            tasks.failed.increment()
            finish(batch)
            return .done
        }
        await tell(.scheduleRetry(errorCode: code, retryCount: batch.failures))
        var generator = SystemRandomNumberGenerator()
        let wait = configuration.backoff.wait(afterFailures: batch.failures, using: &generator)
        queue.hold()
        retries.append((clock.now.advanced(by: wait), batch))
        return .held
    }

    private func finish(_ batch: Batch) {
        finished += 1
        if let began = batch.began { tasks.duration.observe(began.duration(to: clock.now)) }
    }

    /// Puts back what is due: nobody who could process something else waits for it.
    private func keepRetries() async {
        while !Task.isCancelled {
            try? await clock.sleep(for: retries.isEmpty ? rest : look)
            let now = clock.now
            let due = retries.filter { $0.due <= now }
            if due.isEmpty { continue }
            retries.removeAll { $0.due <= now }
            for retry in due { queue.putBack(retry.batch) }
        }
    }

    private func attempt(_ batch: Batch) async -> Attempt {
        let failure = workload.failure(of: batch)
        var takes = workload.duration(records: batch.records)
        if failure == .timeout { takes = configuration.timeout }
        let began = clock.now
        if takes > .zero { try? await clock.sleep(for: takes) }
        if Task.isCancelled { return .abandoned }
        if failure == .timeout { return .late }
        return failure == .failure ? .failed : .done(began.duration(to: clock.now))
    }

    /// A pipeline that was paused or stopped by somebody takes no news: what is done is done all the same.
    private func tell(_ command: PipelineCommand) async {
        _ = try? await pipeline.handle(command, at: wallClock())
    }

    // MARK: Checkpoints

    private func keepCheckpoints() async {
        while !Task.isCancelled {
            try? await clock.sleep(for: configuration.checkpointInterval)
            try? await noteCheckpoint()
        }
    }

    private func noteCheckpoint() async throws {
        guard finished > checkpoint else { return }
        checkpoint = finished
        try await pipeline.handle(.updateCheckpoint(offset: checkpoint), at: wallClock())
    }
}
