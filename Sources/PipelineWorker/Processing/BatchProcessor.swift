import AsyncHTTP
import Cache
import Pipelines
import Synchronization
import Telemetry

/// Processes batches, some at a time, on one loop: waits as long as each takes, tries again what has failed, and tells the pipeline
/// what has become of it.
actor BatchProcessor {
    /// What a played failure is called.
    static let failureCode = "PLAYED_FAILURE"
    static let timeoutCode = "TIMEOUT"

    private enum Attempt {
        case done(Duration)
        case failed(String)
        case late
        /// The program ends before it is done.
        case abandoned
    }

    let queue: BatchQueue
    private nonisolated let configuration: ProcessingConfiguration
    private nonisolated let loop: EventLoop
    private nonisolated let pipeline: PipelineAggregate
    private nonisolated let tasks: TaskMetrics
    private nonisolated let wallClock: @Sendable () -> Duration
    private nonisolated let inFlight = Atomic<Int>(0)
    private var workload: Workload
    private var finished = 0
    private var checkpoint = 0

    /// - Parameter wallClock: the time since 1970.
    init(
        _ configuration: ProcessingConfiguration,
        _ pipeline: PipelineAggregate,
        _ tasks: TaskMetrics,
        seed: UInt64,
        wallClock: @escaping @Sendable () -> Duration,
        on loop: EventLoop
    ) {
        self.configuration = configuration
        self.pipeline = pipeline
        self.tasks = tasks
        self.wallClock = wallClock
        self.loop = loop
        queue = BatchQueue(capacity: configuration.queue)
        workload = Workload(configuration, seed: seed)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Batches that are being processed, those that wait for another attempt among them.
    nonisolated var activeCount: Int { inFlight.load(ordering: .relaxed) }

    /// Whether nothing waits and nothing is under way.
    nonisolated var isIdle: Bool { activeCount == 0 && queue.count == 0 }

    /// Goes on until the queue has ended and is empty.
    func run() async throws {
        try await pipeline.handle(.create, at: wallClock())
        try await pipeline.handle(.start, at: wallClock())
        await withTaskGroup { group in
            group.addTask { await self.keepCheckpoints() }
            await withDiscardingTaskGroup { workers in
                for _ in 0..<configuration.concurrency { workers.addTask { await self.work() } }
            }
            group.cancelAll()
        }
        try await noteCheckpoint()
        try await pipeline.handle(.stop, at: wallClock())
    }

    private func work() async {
        while let batch = await queue.next() {
            inFlight.add(1, ordering: .relaxed)
            await process(batch)
            inFlight.subtract(1, ordering: .relaxed)
        }
    }

    private func process(_ batch: Batch) async {
        let began = loop.clock.now
        defer { if !Task.isCancelled { tasks.duration.observe(began.duration(to: loop.clock.now)) } }
        var generator = SystemRandomNumberGenerator()
        for attempt in 0... {
            let code: String
            switch await self.attempt(batch) {
            case .done(let took):
                await tell(
                    .reportBatch(
                        batchId: batch.id,
                        successCount: batch.records - batch.brokenRecords,
                        failureCount: batch.brokenRecords,
                        processingTimeMs: Int(clamping: took.clampedMilliseconds)
                    )
                )
                tasks.completed.increment()
                finished += 1
                return
            case .abandoned: return
            case .failed(let reason): code = reason
            case .late:
                await tell(.reportBatchTimeout(batchId: batch.id))
                code = Self.timeoutCode
            }
            tasks.errors.increment()
            guard attempt < configuration.retries else {
                // What took too long has been counted as that.
                if code != Self.timeoutCode { await tell(.reportBatchFailure(batchId: batch.id, errorCode: code)) }
                tasks.failed.increment()
                finished += 1
                return
            }
            await tell(.scheduleRetry(errorCode: code, retryCount: attempt + 1))
            let wait = configuration.backoff.wait(afterFailures: attempt + 1, using: &generator)
            try? await loop.clock.sleep(for: wait)
        }
    }

    private func attempt(_ batch: Batch) async -> Attempt {
        let failure = workload.failure(of: batch)
        var takes = workload.duration(records: batch.records)
        if failure == .timeout { takes = configuration.timeout }
        if takes > .zero { try? await loop.clock.sleep(for: min(takes, configuration.timeout)) }
        if Task.isCancelled { return .abandoned }
        if takes >= configuration.timeout { return .late }
        return failure == .failure ? .failed(Self.failureCode) : .done(takes)
    }

    /// A pipeline that was paused or stopped by somebody takes no news: what is done is done all the same.
    private func tell(_ command: PipelineCommand) async {
        _ = try? await pipeline.handle(command, at: wallClock())
    }

    // MARK: Checkpoints

    private func keepCheckpoints() async {
        while !Task.isCancelled {
            try? await loop.clock.sleep(for: configuration.checkpointInterval)
            try? await noteCheckpoint()
        }
    }

    private func noteCheckpoint() async throws {
        guard finished > checkpoint else { return }
        checkpoint = finished
        try await pipeline.handle(.updateCheckpoint(offset: checkpoint), at: wallClock())
    }
}
