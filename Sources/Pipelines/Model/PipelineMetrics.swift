/// What a pipeline has done since it was created, as its state carries it.
public struct PipelineMetrics: Sendable, Hashable {
    /// Batches that were processed.
    public private(set) var batchesProcessed: UInt64 = 0
    /// Records of them that were processed successfully.
    public private(set) var recordsProcessed: UInt64 = 0
    /// Records of them that failed.
    public private(set) var recordsFailed: UInt64 = 0
    /// How long all of them took together, in milliseconds.
    public private(set) var processingTimeMs: UInt64 = 0
    /// The records of the last batch that were processed successfully.
    public private(set) var lastBatchRecords: UInt64 = 0

    /// Nothing has been done yet.
    public init() {}

    /// These metrics after one more batch.
    ///
    /// Negative numbers count as zero, and a sum that does not fit stays the largest that does.
    ///
    /// - Parameters:
    ///   - ok: the records that were processed successfully.
    ///   - ko: the records that failed.
    ///   - timeMs: how long the batch took.
    public func incrementBatch(ok: Int, ko: Int, timeMs: Int) -> PipelineMetrics {
        var next = self
        next.batchesProcessed.add(1)
        next.lastBatchRecords = UInt64(clamping: ok)
        next.recordsProcessed.add(next.lastBatchRecords)
        next.recordsFailed.add(UInt64(clamping: ko))
        next.processingTimeMs.add(UInt64(clamping: timeMs))
        return next
    }
}
