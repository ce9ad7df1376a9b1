import Pipelines
import Telemetry
import Testing

@Suite("Replay")
struct ReplayTests {
    private static let cycle: [PipelineCommand] = [
        .start, .reportBatch(batchId: "b1", successCount: 10, failureCount: 1, processingTimeMs: 7),
        .reportBatchFailure(batchId: "b2", errorCode: "E"), .reportBatchTimeout(batchId: "b3"),
        .scheduleRetry(errorCode: "F", retryCount: 1), .updateCheckpoint(offset: 3), .pause, .resume,
        .fail(errorCode: "G"), .reset,
    ]

    @Test("a replay of 100,000 events counts nothing, and shows the state that they led to")
    func hundredThousand() async throws {
        let time = MovedTime()
        let meter = try PipelineMeter { time.now }
        let exported = try ExportedSeries(of: meter)
        let aggregate = PipelineAggregate("p", meter: meter)
        var events = [try await aggregate.handle(.create, at: moment)]
        while events.count < 100_000 {
            events.append(try await aggregate.handle(Self.cycle[(events.count - 1) % Self.cycle.count], at: moment))
        }
        let counted = exported.text()
        #expect(counted.contains("dataflow_batches_processed_total{pipeline_id=\"p\"} 10000\n"))

        let history = try PipelineHistory(snapshot: Pipeline(id: "p"), events: events)
        let replayed = PipelineAggregate(replaying: history, meter: meter)
        #expect(await replayed.pipeline == aggregate.pipeline)
        #expect(exported.text() == counted)

        // A process that begins with this log.
        let newMeter = try PipelineMeter { time.now }
        let newlyExported = try ExportedSeries(of: newMeter)
        let restarted = PipelineAggregate(replaying: history, meter: newMeter)
        let sums = ["_total", "_sum", "_count"].flatMap { suffix in
            newlyExported.lines("dataflow_").filter { $0.contains(suffix) && !$0.hasSuffix(" 0") }
        }
        #expect(sums == [])
        #expect(await restarted.state == .failed)
        #expect(newlyExported.value("dataflow_pipelines_failed") == 1)
        #expect(newlyExported.value("dataflow_pipeline_state", ["pipeline_id": "p", "state": "failed"]) == 1)
    }

    @Test("a replayed pipeline that was deleted has no series")
    func deleted() throws {
        let meter = try PipelineMeter()
        let events = [PipelineChange.created, .deleted].enumerated().map { index, change in
            PipelineEvent(pipelineId: "p", number: UInt64(index) + 1, time: moment, change: change)
        }
        let history = try PipelineHistory(snapshot: Pipeline(id: "p"), events: events)
        _ = PipelineAggregate(replaying: history, meter: meter)
        #expect(try ExportedSeries(of: meter).count(of: "p") == 0)
    }
}
