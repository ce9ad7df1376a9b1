import AsyncHTTP
import Pipelines
import Telemetry
import TestClock
import Testing

@testable import PipelineWorker

@Suite("Processing batches", .timeLimit(.minutes(1)))
struct BatchProcessorTests {
    /// A processor on a clock that stands still. Every attempt takes the same time, and what is wished for is played.
    private final class Stage: Sendable {
        let clock = ManualClock()
        let registry = Registry()
        let queue: BatchQueue
        let pipeline: PipelineAggregate
        let processor: BatchProcessor<ManualClock>

        init(_ change: (inout ProcessingConfiguration) -> Void, on loop: EventLoop) throws {
            var configuration = ProcessingConfiguration()
            (configuration.duration, configuration.durationPerRecord) = (.zero, .zero)
            configuration.playsWishes = true
            change(&configuration)
            queue = BatchQueue(capacity: configuration.queue)
            let meter = try PipelineMeter()
            try registry.register(meter)
            pipeline = PipelineAggregate("p", meter: meter, executor: loop.serialExecutor)
            processor = BatchProcessor(
                configuration,
                from: queue,
                pipeline,
                try TaskMetrics(in: registry),
                seed: 1,
                clock: clock,
                wallClock: { [clock] in ManualClock.beginning.duration(to: clock.now) },
                on: loop
            )
        }

        func add(_ body: String = "{}") throws { try queue.add(Batch(id: "b", body: Array(body.utf8))) }

        /// A number as it is scraped; nil while there is no such series.
        func value(_ series: String) -> Double? {
            let body = RenderedMetrics(registry).representation(.text004, .identity).body
            let line = String(decoding: body, as: UTF8.self).split(separator: "\n").first {
                $0.hasPrefix(series + " ")
            }
            return line.flatMap { Double($0.dropFirst(series.count + 1)) }
        }
    }

    private static let own = #"{pipeline_id="p"}"#

    /// Runs a stage beside its processor, which is cancelled afterwards.
    private func staged(
        _ change: @escaping @Sendable (inout ProcessingConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) throws {
        try withEventLoops { group in
            let stage = try Stage(change, on: group.first)
            await withTaskGroup { tasks in
                tasks.addTask { do { try await stage.processor.run() } catch { Issue.record(error) } }
                tasks.addTask { do { try await body(stage) } catch { Issue.record(error) } }
                await tasks.next()
                tasks.cancelAll()
            }
        }
    }

    @Test("its pipeline runs; a batch is counted with its records, the good and the broken ones")
    func done() throws {
        try staged { stage in
            await stage.clock.advance(by: .zero)
            #expect(await stage.pipeline.state == .running)
            try stage.add(#"{"records": [{}, {}, 3]}"#)
            await stage.clock.advance(by: .milliseconds(10))
            #expect(stage.value("app_completed_tasks_total") == 1 && stage.queue.isIdle)
            #expect(stage.value("dataflow_records_processed_total\(Self.own)") == 2)
            #expect(stage.value("dataflow_records_failed_total\(Self.own)") == 1)
            #expect(stage.value("app_task_duration_seconds_count") == 1)
        }
    }

    @Test("so many at once as may be, each for its time")
    func concurrency() throws {
        let change = { @Sendable (configuration: inout ProcessingConfiguration) in
            (configuration.concurrency, configuration.timeout) = (2, .seconds(5))
        }
        try staged(change) { stage in
            // A timeout that is played takes as long as one.
            for _ in 0..<3 { try stage.add(#"{"simulate": "timeout"}"#) }
            await stage.clock.advance(by: .seconds(4))
            #expect(stage.queue.active == 2 && stage.queue.count == 1)
            await stage.clock.advance(by: .seconds(1))
            #expect(stage.value("dataflow_batches_timeouts_total\(Self.own)") == 2)
        }
    }

    @Test("what fails comes again after longer and longer waits, and is given up after the last attempt")
    func retries() throws {
        let change = { @Sendable (configuration: inout ProcessingConfiguration) in
            (configuration.retries, configuration.concurrency) = (2, 1)
        }
        try staged(change) { stage in
            let code = #"{error_code="PLAYED_FAILURE",pipeline_id="p"}"#
            try stage.add(#"{"simulate": "failure"}"#)
            await stage.clock.advance(by: .milliseconds(100))
            #expect(stage.value("dataflow_retries_scheduled_total\(code)") == 1)
            #expect(stage.queue.active == 1 && stage.queue.count == 0, "it is not done with")
            // What waits for another attempt holds up nothing.
            try stage.add()
            await stage.clock.advance(by: .milliseconds(100))
            #expect(stage.value("app_completed_tasks_total") == 1)
            // 1 s and a fifth more or less, then 2 s.
            await stage.clock.advance(by: .milliseconds(1800))
            #expect(stage.value("app_task_errors_total") == 2 && stage.value("app_failed_tasks_total") == 0)
            await stage.clock.advance(by: .milliseconds(3000))
            #expect(stage.value("app_task_errors_total") == 3 && stage.value("app_failed_tasks_total") == 1)
            #expect(stage.value("dataflow_batches_failed_total\(code)") == 1)
            #expect(stage.queue.isIdle)
            #expect(stage.value("app_task_duration_seconds_count") == 2)
        }
    }

    @Test("what took too long until the end is a timeout, and no failure")
    func timeouts() throws {
        let change = { @Sendable (configuration: inout ProcessingConfiguration) in
            (configuration.retries, configuration.timeout) = (0, .seconds(5))
        }
        try staged(change) { stage in
            try stage.add(#"{"simulate": "timeout"}"#)
            await stage.clock.advance(by: .seconds(5))
            #expect(stage.value("dataflow_batches_timeouts_total\(Self.own)") == 1)
            #expect(stage.value("app_failed_tasks_total") == 1)
            #expect(stage.value(#"dataflow_batches_failed_total{error_code="TIMEOUT",pipeline_id="p"}"#) == nil)
        }
    }

    @Test("checkpoints come at their interval while something is finished, and once more at the end")
    func checkpoints() throws {
        try staged { stage in
            let series = "dataflow_checkpoint_updates_total\(Self.own)"
            for _ in 0..<5 { try stage.add() }
            await stage.clock.advance(by: .milliseconds(1000))
            #expect(stage.value(series) == 1)
            await stage.clock.advance(by: .seconds(10))
            #expect(stage.value(series) == 1, "nothing new was finished")
            try stage.add()
            await stage.clock.advance(by: .milliseconds(1))
            stage.queue.end()
            await stage.clock.advance(by: .milliseconds(1))
            #expect(stage.value(series) == 2)
            #expect(await stage.pipeline.state == .stopped)
        }
    }

    @Test("the end comes when what waits for another attempt has had it")
    func end() throws {
        let change = { @Sendable (configuration: inout ProcessingConfiguration) in configuration.retries = 1 }
        try staged(change) { stage in
            try stage.add(#"{"simulate": "failure"}"#)
            await stage.clock.advance(by: .milliseconds(1))
            stage.queue.end()
            await stage.clock.advance(by: .milliseconds(500))
            #expect(await stage.pipeline.state == .running && !stage.queue.isIdle)
            await stage.clock.advance(by: .seconds(2))
            #expect(await stage.pipeline.state == .stopped && stage.queue.isIdle)
            #expect(stage.value("app_failed_tasks_total") == 1)
        }
    }

    @Test("whoever has no more patience gives up what is under way, and none of it is counted as done")
    func abandoned() throws {
        try withEventLoops { group in
            let stage = try Stage({ _ in }, on: group.first)
            try stage.add(#"{"simulate": "timeout"}"#)
            await withTaskGroup { tasks in
                tasks.addTask { do { try await stage.processor.run() } catch { Issue.record(error) } }
                await stage.clock.advance(by: .seconds(1))
                #expect(stage.queue.active == 1)
                tasks.cancelAll()
            }
            #expect(stage.value("app_completed_tasks_total") == 0 && stage.value("app_failed_tasks_total") == 0)
            #expect(stage.queue.isIdle && stage.queue.givenUp == 1)
        }
    }

    @Test("all that are given up are counted, wherever they are: waiting, under way, or between two attempts")
    func givenUp() throws {
        try withEventLoops { group in
            let stage = try Stage({ $0.concurrency = 2 }, on: group.first)
            try stage.add(#"{"simulate": "failure"}"#)
            for _ in 0..<5 { try stage.add(#"{"simulate": "timeout"}"#) }
            await withTaskGroup { tasks in
                tasks.addTask { do { try await stage.processor.run() } catch { Issue.record(error) } }
                await stage.clock.advance(by: .milliseconds(100))
                #expect(stage.queue.active == 3 && stage.queue.count == 3)
                tasks.cancelAll()
            }
            #expect(stage.queue.isIdle && stage.queue.givenUp == 6)
        }
    }
}
