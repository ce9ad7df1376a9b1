import Pipelines
import Telemetry
import Testing

/// One after the other: there is one reporter in a process.
@Suite("MetricsReporter", .serialized)
struct ReporterTests {
    private let registry = Registry()

    private func value(_ name: String, _ labels: [String: String]) -> Double? {
        ExportedSeries.value(registry, name, labels)
    }

    private func recordEverything(of id: String) {
        MetricsReporter.recordStateTransition(pipelineId: id, fromState: .configured, toState: .running)
        MetricsReporter.recordBatchProcessed(
            pipelineId: id,
            successCount: 1000,
            failureCount: 5,
            processingTimeMs: 250
        )
        MetricsReporter.recordBatchFailed(pipelineId: id, errorCode: "TIMEOUT")
        MetricsReporter.recordRetryScheduled(pipelineId: id, errorCode: "CONNECTION_FAILED", retryCount: 2)
        MetricsReporter.recordBatchTimeout(pipelineId: id, batchId: "batch-456")
        MetricsReporter.recordCheckpointUpdate(pipelineId: id, offset: 1000)
        MetricsReporter.updatePipelineMetrics(
            pipelineId: id,
            metrics: PipelineMetrics().incrementBatch(ok: 1000, ko: 5, timeMs: 250)
        )
    }

    @Test("MetricsReporter should record batch processed")
    func batchProcessed() throws {
        try MetricsReporter.start(in: registry)
        defer { MetricsReporter.shutdown() }
        MetricsReporter.recordBatchProcessed(
            pipelineId: "test-pipeline",
            successCount: 100,
            failureCount: 0,
            processingTimeMs: 50
        )
        #expect(value("dataflow_batches_processed_total", ["pipeline_id": "test-pipeline"]) == 1)
    }

    @Test("PipelineAggregate should publish metrics on events")
    func events() async throws {
        try MetricsReporter.start(in: registry)
        defer { MetricsReporter.shutdown() }
        let pipeline = PipelineAggregate("test-pipeline")
        try await pipeline.handle(.create, at: moment)
        let created = ["pipeline_id": "test-pipeline", "from_state": "empty", "to_state": "configured"]
        #expect(value("dataflow_state_transitions_total", created) == 1)
    }

    @Test("every documented call reaches the meter that was started")
    func calls() throws {
        let meter = try MetricsReporter.start(in: registry)
        defer { MetricsReporter.shutdown() }
        #expect(MetricsReporter.meter === meter)
        recordEverything(of: "p")
        let expected: [(String, [String: String], Double)] = [
            ("dataflow_state_transitions_total", ["from_state": "configured", "to_state": "running"], 1),
            ("dataflow_pipeline_state", ["state": "running"], 1), ("dataflow_batches_processed_total", [:], 1),
            ("dataflow_batch_processing_time_ms_sum", [:], 250), ("dataflow_records_processed_total", [:], 1000),
            ("dataflow_records_failed_total", [:], 5),
            ("dataflow_batches_failed_total", ["error_code": "TIMEOUT"], 1),
            ("dataflow_retries_scheduled_total", ["error_code": "CONNECTION_FAILED"], 1),
            ("dataflow_batches_timeouts_total", [:], 1), ("dataflow_checkpoint_updates_total", [:], 1),
            ("dataflow_records_throughput_per_second", [:], 100),
        ]
        for (name, labels, expected) in expected {
            #expect(value(name, labels.merging(["pipeline_id": "p"]) { $1 }) == expected, "\(name)")
        }
        MetricsReporter.remove(pipelineId: "p")
        #expect(value("dataflow_batches_processed_total", ["pipeline_id": "p"]) == nil)
    }

    @Test("before a start and after a shutdown nothing is recorded, and what was recorded stays")
    func shutdown() throws {
        #expect(MetricsReporter.meter == nil)
        recordEverything(of: "p")
        MetricsReporter.remove(pipelineId: "p")
        try MetricsReporter.start(in: registry)
        #expect(value("dataflow_batches_processed_total", ["pipeline_id": "p"]) == nil)
        recordEverything(of: "p")
        MetricsReporter.shutdown()
        MetricsReporter.shutdown()
        recordEverything(of: "p")
        #expect(MetricsReporter.meter == nil)
        #expect(value("dataflow_batches_processed_total", ["pipeline_id": "p"]) == 1)
    }

    @Test("a registry takes one meter; the one that was made can be started again")
    func again() throws {
        let meter = try MetricsReporter.start(in: registry)
        MetricsReporter.shutdown()
        #expect(throws: MetricsError.self) { try MetricsReporter.start(in: registry) }
        #expect(MetricsReporter.meter == nil)
        MetricsReporter.start(meter)
        defer { MetricsReporter.shutdown() }
        MetricsReporter.recordBatchTimeout(pipelineId: "p", batchId: "b")
        #expect(value("dataflow_batches_timeouts_total", ["pipeline_id": "p"]) == 1)
    }

    @Test("limits are those that were given")
    func limits() throws {
        var limits = PipelineMeterLimits()
        limits.pipelines = 1
        try MetricsReporter.start(in: registry, limits: limits)
        defer { MetricsReporter.shutdown() }
        for id in ["p", "q"] { MetricsReporter.recordBatchTimeout(pipelineId: id, batchId: "b") }
        #expect(value("dataflow_batches_timeouts_total", ["pipeline_id": "overflow"]) == 1)
    }
}
