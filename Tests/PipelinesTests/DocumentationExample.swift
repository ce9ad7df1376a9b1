// The example of docs/pipelines.md, as it stands there.
import Pipelines
import Telemetry

/// A pipeline of orders, from its start to a batch that is done.
struct Orders {
    let registry = Registry()
    let pipeline: PipelineAggregate

    init() throws {
        try MetricsReporter.start(in: registry)
        pipeline = PipelineAggregate("orders")
    }

    func begin(at now: Duration) async throws {
        try await pipeline.handle(.create, at: now)
        try await pipeline.handle(.start, at: now)
    }

    func done(_ batchId: String, records: Int, failed: Int, milliseconds: Int, at now: Duration) async throws {
        let report = PipelineCommand.reportBatch(
            batchId: batchId,
            successCount: records,
            failureCount: failed,
            processingTimeMs: milliseconds
        )
        try await pipeline.handle(report, at: now)
    }
}
