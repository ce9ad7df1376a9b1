import Pipelines
import Telemetry
import Testing

@Suite("PipelineMeter")
struct MeterTests {
    private let meter: PipelineMeter
    private let exported: ExportedSeries
    private let p = ["pipeline_id": "p"]

    init() throws {
        meter = try PipelineMeter()
        exported = try ExportedSeries(of: meter)
    }

    @Test("a batch is one batch, its records by how they went, and one observation")
    func batch() {
        meter.recordBatchProcessed(pipelineId: "p", successCount: 1000, failureCount: 5, processingTimeMs: 250)
        #expect(exported.value("dataflow_batches_processed_total", p) == 1)
        #expect(exported.value("dataflow_records_processed_total", p) == 1000)
        #expect(exported.value("dataflow_records_failed_total", p) == 5)
        #expect(exported.value("dataflow_batch_processing_time_ms_count", p) == 1)
        #expect(exported.value("dataflow_batch_processing_time_ms_sum", p) == 250)
    }

    @Test("failures and retries are counted by error code, each by itself")
    func errors() {
        for _ in 0..<2 { meter.recordBatchFailed(pipelineId: "p", errorCode: "TIMEOUT") }
        for count in 1...3 {
            meter.recordRetryScheduled(pipelineId: "p", errorCode: "CONNECTION_FAILED", retryCount: count)
        }
        let timeout = ["pipeline_id": "p", "error_code": "TIMEOUT"]
        let connection = ["pipeline_id": "p", "error_code": "CONNECTION_FAILED"]
        #expect(exported.value("dataflow_batches_failed_total", timeout) == 2)
        #expect(exported.value("dataflow_batches_failed_total", connection) == nil)
        #expect(exported.value("dataflow_retries_scheduled_total", connection) == 3)
        #expect(exported.value("dataflow_retries_scheduled_total", timeout) == nil)
    }

    @Test("a timeout is no failure, and a failure is no timeout")
    func timeouts() {
        meter.recordBatchTimeout(pipelineId: "p", batchId: "batch-456")
        meter.recordBatchFailed(pipelineId: "q", errorCode: "TIMEOUT")
        #expect(exported.value("dataflow_batches_timeouts_total", p) == 1)
        #expect(exported.value("dataflow_batches_timeouts_total", ["pipeline_id": "q"]) == 0)
        #expect(exported.lines("dataflow_batches_failed_total").count == 1)
        #expect(!exported.text().contains("batch-456"))
    }

    @Test("checkpoints are counted, however far they are")
    func checkpoints() {
        for offset in [1000, 5, -1] { meter.recordCheckpointUpdate(pipelineId: "p", offset: offset) }
        #expect(exported.value("dataflow_checkpoint_updates_total", p) == 3)
    }

    @Test("a pipeline that is known has all its series, at zero")
    func zero() {
        meter.recordStateTransition(pipelineId: "p", fromState: .empty, toState: .configured)
        for name in [
            "batches_processed_total", "batches_timeouts_total", "batch_processing_time_ms_count",
            "records_processed_total", "records_failed_total", "records_throughput_per_second",
            "checkpoint_updates_total",
        ] {
            #expect(exported.value("dataflow_" + name, p) == 0, "\(name)")
        }
    }

    @Test("nothing is said of no pipelines but that there are none")
    func empty() {
        for state in ["running", "stopped", "paused", "failed"] {
            #expect(exported.value("dataflow_pipelines_\(state)") == 0)
        }
        for limit in ["pipelines", "error_codes", "text_bytes"] {
            #expect(exported.value("dataflow_overflowed_total", ["limit": limit]) == 0)
        }
        #expect(exported.lines("dataflow").count == 7)
    }

    @Test("numbers below zero count as zero")
    func negative() {
        meter.recordBatchProcessed(pipelineId: "p", successCount: -1, failureCount: .min, processingTimeMs: -5)
        #expect(exported.value("dataflow_batches_processed_total", p) == 1)
        #expect(exported.value("dataflow_records_processed_total", p) == 0)
        #expect(exported.value("dataflow_records_failed_total", p) == 0)
        #expect(exported.value("dataflow_batch_processing_time_ms_sum", p) == 0)
    }

    @Test("the largest numbers add up without a trap")
    func largest() {
        for _ in 0..<3 {
            meter.recordBatchProcessed(
                pipelineId: "p",
                successCount: .max,
                failureCount: .max,
                processingTimeMs: .max
            )
        }
        #expect(exported.value("dataflow_records_processed_total", p) == Double(UInt64.max))
        #expect(exported.value("dataflow_batch_processing_time_ms_sum", p) == Double(UInt64.max))
    }

    @Test("a batch is in the first bucket whose bound is not below its time")
    func buckets() {
        let bounds = [1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]
        for bound in bounds {
            for time in [bound, bound + 1] {
                meter.recordBatchProcessed(
                    pipelineId: "p",
                    successCount: 1,
                    failureCount: 0,
                    processingTimeMs: time
                )
            }
        }
        let lines = exported.lines("dataflow_batch_processing_time_ms_bucket")
        let expected = bounds.enumerated().map { index, bound in
            "dataflow_batch_processing_time_ms_bucket{pipeline_id=\"p\",le=\"\(bound).0\"} \(2 * index + 1)"
        }
        #expect(lines.dropLast() == expected[...])
        #expect(lines.last == "dataflow_batch_processing_time_ms_bucket{pipeline_id=\"p\",le=\"+Inf\"} 30")
    }

    @Test("pipelines come out in the order of their ids, whatever the order in which they came")
    func order() {
        for id in ["b", "c", "a"] { meter.recordBatchTimeout(pipelineId: id, batchId: "") }
        #expect(
            exported.lines("dataflow_batches_timeouts_total") == [
                "dataflow_batches_timeouts_total{pipeline_id=\"a\"} 1",
                "dataflow_batches_timeouts_total{pipeline_id=\"b\"} 1",
                "dataflow_batches_timeouts_total{pipeline_id=\"c\"} 1",
            ]
        )
    }

    @Test("nothing is lost when threads record at once, while somebody collects")
    func threads() async throws {
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask { @concurrent in
                    for number in 0..<5000 {
                        let id = "p\((number + thread) % 3)"
                        meter.recordBatchProcessed(
                            pipelineId: id,
                            successCount: 2,
                            failureCount: 1,
                            processingTimeMs: 3
                        )
                        meter.recordBatchFailed(pipelineId: id, errorCode: "E\(number % 2)")
                        meter.recordStateTransition(pipelineId: id, fromState: .running, toState: .paused)
                        if number.isMultiple(of: 500) { _ = meter.collect() }
                    }
                }
            }
        }
        func sum(_ name: String) -> Double {
            exported.lines(name).compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
        }
        #expect(sum("dataflow_batches_processed_total") == 20_000)
        #expect(sum("dataflow_records_processed_total") == 40_000)
        #expect(sum("dataflow_records_failed_total") == 20_000)
        #expect(sum("dataflow_batch_processing_time_ms_count") == 20_000)
        #expect(sum("dataflow_batches_failed_total") == 20_000)
        #expect(sum("dataflow_state_transitions_total") == 20_000)
    }
}
