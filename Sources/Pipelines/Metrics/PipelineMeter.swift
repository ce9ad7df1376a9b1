import Synchronization
public import Telemetry

/// Counts what pipelines do, and says it to a registry: the documented calls as methods of a value of one's own.
///
/// Any thread may call. A call takes the lock of the table of pipelines for one look-up, then the lock of the pipeline for a
/// few additions, and allocates nothing once the pipeline, the states and the error code have been seen.
///
/// A pipeline has its place, and its series from zero on, from the first recording that names it until `remove`. Numbers
/// below zero count as zero.
public final class PipelineMeter: Collector {
    let limits: PipelineMeterLimits
    private let now: @Sendable () -> ContinuousClock.Instant
    private let accounts: Mutex<BoundedTable<PipelineAccount>>
    private let overflow: OverflowCounters
    private let buckets: Buckets
    /// What else ends with a pipeline.
    private let endings = Mutex<[@Sendable (_ pipelineId: String) -> Void]>([])
    /// The families that it has, in their order.
    public let descriptors: [MetricDescriptor]

    /// A meter that nobody reads until it is registered: `try registry.register(meter)`.
    ///
    /// - Parameter now: asked when a pipeline is new and when it is collected, never by a recording.
    public init(
        limits: PipelineMeterLimits = PipelineMeterLimits(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(MetricsError) {
        self.limits = limits
        self.now = now
        accounts = Mutex(BoundedTable(limit: limits.pipelines))
        overflow = try OverflowCounters()
        buckets = try BatchTimes.buckets()
        descriptors = try PipelineFamily.descriptors()
    }

    // MARK: Recording

    /// Counts a change of state, and remembers the new one. Changes are not checked: this only tells what has happened.
    public func recordStateTransition(pipelineId: String, fromState: PipelineState, toState: PipelineState) {
        account(of: pipelineId).update { $0.countTransition(from: fromState, to: toState) }
    }

    /// Counts a batch that was processed, its records by how they went, and how long it took.
    public func recordBatchProcessed(
        pipelineId: String,
        successCount: Int,
        failureCount: Int,
        processingTimeMs: Int
    ) {
        account(of: pipelineId).update {
            $0.countBatch(
                successCount: successCount,
                failureCount: failureCount,
                processingTimeMs: processingTimeMs
            )
        }
    }

    /// Counts a batch that has failed. One that took too long is counted by `recordBatchTimeout`, and by this only if its
    /// owner calls it a failure, too.
    public func recordBatchFailed(pipelineId: String, errorCode: String) {
        count(.failure, errorCode, of: pipelineId)
    }

    /// Counts a retry. How many there were before is no label: it has no bound.
    public func recordRetryScheduled(pipelineId: String, errorCode: String, retryCount: Int) {
        count(.retry, errorCode, of: pipelineId)
    }

    /// Counts a batch that took too long. Which one is no label: there are too many.
    public func recordBatchTimeout(pipelineId: String, batchId: String) {
        account(of: pipelineId).update { $0.countTimeout() }
    }

    /// Counts a checkpoint. How far it is is no label: it has no bound.
    public func recordCheckpointUpdate(pipelineId: String, offset: Int) {
        account(of: pipelineId).update { $0.countCheckpoint() }
    }

    /// Tells what the pipeline has done until now: the throughput is made of what has come since it was told last.
    public func updatePipelineMetrics(pipelineId: String, metrics: PipelineMetrics) {
        account(of: pipelineId).update { $0.tell(metrics) }
    }

    /// Says in which state a pipeline is without counting a change, as after a replay of its log.
    public func setState(pipelineId: String, to state: PipelineState) {
        account(of: pipelineId).update { $0.set(state) }
    }

    /// Ends the series of a pipeline, and frees its place. A recording that names it makes it new, from zero on.
    public func remove(pipelineId: String) {
        let name = pipelineId.cut(toBytes: limits.textBytes)
        accounts.withLock { $0.remove(name) }
        for end in endings.withLock({ $0 }) { end(pipelineId) }
    }

    /// Has something done whenever a pipeline is removed.
    func whenRemoved(_ end: @escaping @Sendable (_ pipelineId: String) -> Void) {
        endings.withLock { $0.append(end) }
    }

    private func count(_ occasion: ErrorCounts.Occasion, _ errorCode: String, of pipelineId: String) {
        let code = bounded(errorCode)
        let isShared = account(of: pipelineId).update { $0.count(occasion, code: code) }
        if isShared { overflow.errorCodes.increment() }
    }

    private func account(of pipelineId: String) -> PipelineAccount {
        let name = bounded(pipelineId)
        let place = accounts.withLock { accounts in
            accounts.place(of: name) { name, isShared in
                PipelineAccount(pipelineId: name, isShared: isShared, limits: limits, since: now())
            }
        }
        if place.isShared { overflow.pipelines.increment() }
        return place.value
    }

    private func bounded(_ text: String) -> String {
        guard text.utf8.count > limits.textBytes else { return text }
        overflow.texts.increment()
        return text.cut(toBytes: limits.textBytes)
    }

    // MARK: Collecting

    /// The families of this moment. No lock is held for longer than it takes to copy the counts of one pipeline.
    public func collect() -> [MetricFamily] {
        let now = now()
        let accounts = accounts.withLock { Array($0.values) }.sorted { $0.pipelineId < $1.pipelineId }
        var samples = PipelineSamples(descriptors, buckets)
        for account in accounts {
            let (counts, recordsPerSecond) = account.read(at: now)
            samples.append(counts, recordsPerSecond: recordsPerSecond)
        }
        for (labels, counter) in overflow.all { samples.append(overflowed: counter.value, labels) }
        return samples.families()
    }
}
