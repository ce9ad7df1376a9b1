import Pipelines
import Telemetry
import TestExposition
import Testing

@Suite("Exposition of pipelines")
struct PipelineExpositionTests {
    @Test("every family has its name, its type and a sentence of help")
    func families() throws {
        let expected: [(String, MetricKind)] = [
            ("pipelines_running", .gauge), ("pipelines_stopped", .gauge), ("pipelines_paused", .gauge),
            ("pipelines_failed", .gauge), ("pipeline_state", .gauge), ("state_transitions", .counter),
            ("batches_processed", .counter), ("batches_failed", .counter), ("batches_timeouts", .counter),
            ("batch_processing_time_ms", .histogram), ("records_processed", .counter),
            ("records_failed", .counter), ("records_throughput_per_second", .gauge),
            ("retries_scheduled", .counter), ("checkpoint_updates", .counter), ("overflowed", .counter),
        ]
        let descriptors = try PipelineMeter().descriptors
        #expect(descriptors.map(\.name) == expected.map { "dataflow_" + $0.0 })
        #expect(descriptors.map(\.kind) == expected.map(\.1))
        for descriptor in descriptors {
            #expect(descriptor.help.hasSuffix("."))
            #expect(descriptor.help.split(separator: ".").count == 1)
        }
    }

    private func meter() throws -> PipelineMeter {
        var limits = PipelineMeterLimits()
        limits.pipelines = 4
        let meter = try PipelineMeter(limits: limits)
        for id in ["plain", "quote \" backslash \\ newline \n", "😀", "", "over", "and over"] {
            meter.recordStateTransition(pipelineId: id, fromState: .empty, toState: .configured)
            meter.recordStateTransition(pipelineId: id, fromState: .configured, toState: .running)
            for time in [0, 3, 700, 20_000] {
                meter.recordBatchProcessed(
                    pipelineId: id,
                    successCount: 9,
                    failureCount: 1,
                    processingTimeMs: time
                )
            }
            meter.recordBatchFailed(pipelineId: id, errorCode: "quote \" \\ \n")
            meter.recordRetryScheduled(pipelineId: id, errorCode: "", retryCount: 1)
            meter.recordBatchTimeout(pipelineId: id, batchId: "b")
            meter.recordCheckpointUpdate(pipelineId: id, offset: 5)
            meter.updatePipelineMetrics(
                pipelineId: id,
                metrics: PipelineMetrics().incrementBatch(ok: 1, ko: 1, timeMs: 1)
            )
        }
        return meter
    }

    @Test("hostile names come back from parsers that were not written here", arguments: Parsers.Format.allCases)
    func parsed(format: Parsers.Format) throws {
        let registry = Registry()
        try registry.register(meter())
        let found = try Parsers.parse([registry.render(format.exposition)], as: format)
        #expect(found.map(\.count) == [registry.gather().flatMap(\.series).count])
        // Five sets of a pipeline, the states of four of them; then four totals and three limits.
        #expect(found.map(\.count) == [5 * (2 + 1 + 1 + 1 + 18 + 1 + 1 + 1 + 1 + 1) + 4 * 6 + 4 + 3])
        #expect(registry.familiesRefused == 0)
    }

    @Test("promtool has nothing to say but that milliseconds are not seconds")
    func lint() throws {
        let registry = Registry()
        try registry.register(meter())
        let complaints = try Parsers.lint(registry.render())
        #expect(complaints.allSatisfy { $0.hasPrefix("dataflow_batch_processing_time_ms ") }, "\(complaints)")
    }
}
