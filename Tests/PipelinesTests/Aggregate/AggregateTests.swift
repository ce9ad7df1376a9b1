import AsyncHTTP
import Pipelines
import Telemetry
import Testing

extension PipelineAggregate {
    /// Whether it runs on the loop's thread.
    fileprivate func runs(on loop: EventLoop) -> Bool { loop.isCurrent }
}

@Suite("PipelineAggregate")
struct AggregateTests {
    private let meter: PipelineMeter
    private let exported: ExportedSeries

    init() throws {
        meter = try PipelineMeter()
        exported = try ExportedSeries(of: meter)
    }

    private func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        exported.value("dataflow_" + name, labels.merging(["pipeline_id": "p"]) { $1 })
    }

    private func running() async throws -> PipelineAggregate {
        let aggregate = PipelineAggregate("p", meter: meter)
        try await aggregate.handle(.create, at: moment)
        try await aggregate.handle(.start, at: moment)
        return aggregate
    }

    @Test("a command that is possible becomes an event with the next number, and the state after it")
    func handled() async throws {
        let aggregate = PipelineAggregate("p", meter: meter)
        let created = try await aggregate.handle(.create, at: .seconds(1))
        #expect(created == PipelineEvent(pipelineId: "p", number: 1, time: .seconds(1), change: .created))
        let started = try await aggregate.handle(.start, at: .seconds(2))
        #expect(started == PipelineEvent(pipelineId: "p", number: 2, time: .seconds(2), change: .started))
        #expect(await aggregate.state == .running)
        #expect(await aggregate.pipeline.changed == .seconds(2))
        #expect(await aggregate.history.events == [created, started])
    }

    @Test("a command that is rejected leaves no event, no change and no count")
    func rejected() async throws {
        let aggregate = try await running()
        let (before, text) = (await aggregate.history, exported.text())
        await #expect(throws: PipelineRejection.notPossible(.create, in: .running)) {
            try await aggregate.handle(.create, at: moment)
        }
        await #expect(throws: PipelineRejection.negative(name: "offset", value: -1)) {
            try await aggregate.handle(.updateCheckpoint(offset: -1), at: moment)
        }
        #expect(await aggregate.history == before)
        #expect(exported.text() == text)
    }

    @Test("texts that the log would have to keep are not taken when they are too long")
    func longText() async throws {
        let aggregate = try await running()
        let long = String(repeating: "é", count: 129)
        let commands: [PipelineCommand] = [
            .fail(errorCode: long), .scheduleRetry(errorCode: long, retryCount: 1),
            .reportBatchFailure(batchId: "b", errorCode: long),
        ]
        for command in commands {
            await #expect(throws: PipelineRejection.textTooLong(name: "errorCode", bytes: 258, limit: 256)) {
                try await aggregate.handle(command, at: moment)
            }
        }
        let batch = PipelineCommand.reportBatch(batchId: long, successCount: 1, failureCount: 0, processingTimeMs: 1)
        for command in [batch, .reportBatchFailure(batchId: long, errorCode: "E"), .reportBatchTimeout(batchId: long)] {
            await #expect(throws: PipelineRejection.textTooLong(name: "batchId", bytes: 258, limit: 256)) {
                try await aggregate.handle(command, at: moment)
            }
        }
        try await aggregate.handle(.reportBatchTimeout(batchId: String(long.dropLast())), at: moment)
        #expect(await aggregate.pipeline.version == 3)
    }

    @Test("each event is counted when it is stored, by what it says")
    func counted() async throws {
        let aggregate = try await running()
        let commands: [PipelineCommand] = [
            .reportBatch(batchId: "b1", successCount: 90, failureCount: 3, processingTimeMs: 40),
            .reportBatchFailure(batchId: "b2", errorCode: "E"), .reportBatchTimeout(batchId: "b3"),
            .scheduleRetry(errorCode: "F", retryCount: 1), .updateCheckpoint(offset: 5), .pause,
        ]
        for command in commands { try await aggregate.handle(command, at: moment) }
        #expect(value("batches_processed_total") == 1)
        #expect(value("records_processed_total") == 90)
        #expect(value("records_failed_total") == 3)
        #expect(value("batch_processing_time_ms_sum") == 40)
        #expect(value("records_throughput_per_second") == 9)
        #expect(value("batches_failed_total", ["error_code": "E"]) == 1)
        #expect(value("batches_timeouts_total") == 1)
        #expect(value("retries_scheduled_total", ["error_code": "F"]) == 1)
        #expect(value("checkpoint_updates_total") == 1)
        let changes = [("empty", "configured"), ("configured", "running"), ("running", "paused")]
        for (from, to) in changes {
            #expect(value("state_transitions_total", ["from_state": from, "to_state": to]) == 1)
        }
        #expect(exported.lines("dataflow_state_transitions_total").count == changes.count)
        #expect(value("pipeline_state", ["state": "paused"]) == 1)
        #expect(exported.value("dataflow_pipelines_paused") == 1)
    }

    @Test("a failure and a reset are changes of state, too")
    func failure() async throws {
        let aggregate = try await running()
        try await aggregate.handle(.fail(errorCode: "DISK_FULL"), at: moment)
        #expect(exported.value("dataflow_pipelines_failed") == 1)
        #expect(await aggregate.pipeline.errorCode == "DISK_FULL")
        try await aggregate.handle(.reset, at: moment)
        #expect(exported.value("dataflow_pipelines_failed") == 0)
        #expect(value("state_transitions_total", ["from_state": "failed", "to_state": "configured"]) == 1)
        #expect(exported.lines("dataflow_batches_failed_total").isEmpty)
    }

    @Test("a deleted pipeline has no series, and may be created again")
    func deletion() async throws {
        let aggregate = try await running()
        try await aggregate.handle(.stop, at: moment)
        try await aggregate.handle(.delete, at: moment)
        #expect(await aggregate.state == .empty)
        #expect(exported.count(of: "p") == 0)
        try await aggregate.handle(.create, at: moment)
        #expect(value("pipeline_state", ["state": "configured"]) == 1)
        #expect(await aggregate.pipeline.version == 5)
    }

    @Test("without a meter it does the same")
    func unmetered() async throws {
        let aggregate = PipelineAggregate("p", meter: nil)
        for command in [.create, .start, .updateCheckpoint(offset: 1)] as [PipelineCommand] {
            try await aggregate.handle(command, at: moment)
        }
        #expect(await aggregate.pipeline.checkpoint == 1)
        #expect(exported.count(of: "p") == 0)
    }

    @Test("it runs on the executor that it was given")
    func executor() throws {
        try withEventLoops(count: 2) { group in
            let home = group.loops[1]
            let aggregate = PipelineAggregate("p", meter: nil, executor: home.serialExecutor)
            try await aggregate.handle(.create, at: moment)
            #expect(await aggregate.runs(on: home))
            #expect(group.first.isCurrent)
            let replayed = PipelineAggregate(
                replaying: await aggregate.history,
                meter: nil,
                executor: home.serialExecutor
            )
            #expect(await replayed.runs(on: home))
        }
    }

    @Test("commands from many tasks come one after the other")
    func concurrent() async throws {
        let aggregate = try await running()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { @concurrent in
                    let batch = PipelineCommand.reportBatch(
                        batchId: "\(number)",
                        successCount: 1,
                        failureCount: 0,
                        processingTimeMs: 1
                    )
                    _ = try? await aggregate.handle(batch, at: moment)
                }
            }
        }
        #expect(await aggregate.pipeline.version == 202)
        #expect(await aggregate.pipeline.metrics.batchesProcessed == 200)
        #expect(value("batches_processed_total") == 200)
    }
}
