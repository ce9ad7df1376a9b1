import Pipelines
import Testing

@Suite("Pipeline")
struct PipelineTests {
    private static let batch = PipelineChange.batchProcessed(
        batchId: "b1",
        successCount: 1000,
        failureCount: 5,
        processingTimeMs: 250
    )

    @Test("a batch that was processed is in the metrics, is the last one, and ends the retries")
    func batch() {
        let before = Pipeline(in: .running).applying(change: .retryScheduled(errorCode: "E", retryCount: 2))
        let after = before.applying(change: Self.batch, at: moment + .seconds(1))
        #expect(before.retryCount == 2)
        #expect(after.retryCount == 0)
        #expect(after.metrics == PipelineMetrics().incrementBatch(ok: 1000, ko: 5, timeMs: 250))
        #expect(after.lastBatchId == "b1")
        #expect(after.lastBatchTime == moment + .seconds(1))
        #expect(after.state == .running)
    }

    @Test("batches that fail or take too long are the last ones, and change no metrics")
    func failures() {
        let changes: [PipelineChange] = [
            .batchFailed(batchId: "b2", errorCode: "E"), .batchTimedOut(batchId: "b2"),
        ]
        for change in changes {
            let after = Pipeline(in: .running).applying(change: change, at: moment + .seconds(1))
            #expect(after.lastBatchId == "b2")
            #expect(after.lastBatchTime == moment + .seconds(1))
            #expect(after.metrics == PipelineMetrics())
        }
    }

    @Test("what was counted is kept through a pause, a stop, a failure and a reset; retries are not")
    func counted() {
        let running = Pipeline(in: .running)
            .applying(change: Self.batch)
            .applying(change: .checkpointUpdated(offset: 9))
            .applying(change: .retryScheduled(errorCode: "E", retryCount: 1))
        let ways: [[PipelineChange]] = [
            [.paused], [.paused, .resumed], [.stopped], [.stopped, .started], [.failed(errorCode: "E")],
            [.failed(errorCode: "E"), .reset],
        ]
        for way in ways {
            let after = way.reduce(running) { $0.applying(change: $1) }
            #expect(after.metrics == running.metrics)
            #expect(after.checkpoint == 9)
            #expect(after.lastBatchId == "b1")
            #expect(after.retryCount == 0)
        }
    }

    @Test("a failed pipeline says why until it is reset")
    func errorCode() {
        let failed = Pipeline(in: .failed)
        #expect(failed.errorCode == "DISK_FULL")
        #expect(failed.applying(change: .reset).errorCode == nil)
    }

    @Test("it knows since when it is there, and since when it is in its state")
    func times() {
        let created = Pipeline(id: "p").applying(change: .created, at: .seconds(1))
        let started = created.applying(change: .started, at: .seconds(2))
        #expect(created.created == .seconds(1))
        #expect(created.changed == .seconds(1))
        #expect(started.created == .seconds(1))
        #expect(started.changed == .seconds(2))
        #expect(started.applying(change: Self.batch, at: .seconds(3)).changed == .seconds(2))
    }

    @Test("nothing of a deleted pipeline is left but its id and its version")
    func deleted() {
        let deleted = Pipeline(in: .stopped).applying(change: .deleted)
        #expect(deleted.version == 4)
        #expect(deleted.state == .empty)
        #expect(deleted.created == nil)
        #expect(deleted.metrics == PipelineMetrics())
        let again = deleted.applying(change: .created)
        #expect(again.state == .configured)
        #expect(again.version == 5)
    }

    private static let whileRunning: [PipelineChange] = [
        batch, .batchFailed(batchId: "b", errorCode: "E"), .batchTimedOut(batchId: "b"),
        .retryScheduled(errorCode: "E", retryCount: 3), .checkpointUpdated(offset: 3),
    ]

    @Test(
        "batches, retries and checkpoints change nothing of a pipeline that does not run",
        arguments: PipelineState.allCases.filter { $0 != .running },
        whileRunning
    )
    func onlyWhileRunning(state: PipelineState, change: PipelineChange) {
        let before = Pipeline(in: state)
        let after = before.applying(change: change)
        #expect(after.version == before.version + 1)
        #expect(after.state == before.state)
        #expect(after.metrics == before.metrics)
        #expect(after.retryCount == 0)
        #expect(after.checkpoint == nil)
        #expect(after.lastBatchId == nil)
    }

    @Test("an event that cannot be changes nothing but the version")
    func impossible() {
        let before = Pipeline(in: .configured)
        let after = before.applying(change: .resumed, at: moment + .seconds(9))
        #expect(after.state == .configured)
        #expect(after.changed == moment)
        #expect(after.version == before.version + 1)
    }
}

@Suite("PipelineMetrics")
struct PipelineMetricsTests {
    @Test("batches add up")
    func sums() {
        let metrics = PipelineMetrics()
            .incrementBatch(ok: 1000, ko: 5, timeMs: 250)
            .incrementBatch(ok: 10, ko: 0, timeMs: 50)
        #expect(metrics.batchesProcessed == 2)
        #expect(metrics.recordsProcessed == 1010)
        #expect(metrics.recordsFailed == 5)
        #expect(metrics.processingTimeMs == 300)
        #expect(metrics.lastBatchRecords == 10)
    }

    @Test("numbers below zero count as zero")
    func negative() {
        let metrics = PipelineMetrics().incrementBatch(ok: -1, ko: .min, timeMs: -3)
        #expect(metrics.batchesProcessed == 1)
        #expect(metrics.recordsProcessed == 0)
        #expect(metrics.recordsFailed == 0)
        #expect(metrics.processingTimeMs == 0)
    }

    @Test("sums that do not fit stay the largest that do")
    func saturated() {
        let metrics = (0..<3).reduce(PipelineMetrics()) { metrics, _ in
            metrics.incrementBatch(ok: .max, ko: .max, timeMs: .max)
        }
        #expect(metrics.recordsProcessed == .max)
        #expect(metrics.recordsFailed == .max)
        #expect(metrics.processingTimeMs == .max)
        #expect(metrics.batchesProcessed == 3)
    }
}
