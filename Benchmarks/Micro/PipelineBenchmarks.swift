import AsyncHTTP
import CAllocationCounter
import Glibc
import Pipelines
import Telemetry
import TelemetryServer

/// What a call of the reporter costs, beside 1,000 pipelines, and what it costs to render them.
func pipelineBenchmarks() throws -> [Benchmark] {
    let registry = Registry()
    let meter = try filledMeter()
    try registry.register(meter)
    let id = "pipeline-123"
    let over = "pipeline-over-the-limit"
    let metrics = PipelineMetrics().incrementBatch(ok: 1000, ko: 5, timeMs: 250)
    let recordBatches: @Sendable (Int) -> Void = { count in
        for _ in 0..<count {
            MetricsReporter.recordBatchProcessed(
                pipelineId: id,
                successCount: 1000,
                failureCount: 5,
                processingTimeMs: 250
            )
        }
    }
    return [
        reporting("recordBatchProcessed", to: nil, repeated: recordBatches),
        reporting("recordBatchProcessed", to: meter, repeated: recordBatches),
        reporting("recordBatchProcessed, of two threads", to: meter) { onThreads(2, $0, recordBatches) },
        reporting("recordStateTransition", to: meter) { count in
            for _ in 0..<count {
                MetricsReporter.recordStateTransition(pipelineId: id, fromState: .configured, toState: .running)
            }
        },
        reporting("recordBatchFailed", to: meter) { count in
            for _ in 0..<count { MetricsReporter.recordBatchFailed(pipelineId: id, errorCode: "TIMEOUT") }
        },
        reporting("recordRetryScheduled", to: meter) { count in
            for number in 0..<count {
                MetricsReporter.recordRetryScheduled(
                    pipelineId: id,
                    errorCode: "CONNECTION_FAILED",
                    retryCount: number
                )
            }
        },
        reporting("recordBatchTimeout", to: meter) { count in
            for _ in 0..<count { MetricsReporter.recordBatchTimeout(pipelineId: id, batchId: "batch-456") }
        },
        reporting("recordCheckpointUpdate", to: meter) { count in
            for number in 0..<count { MetricsReporter.recordCheckpointUpdate(pipelineId: id, offset: number) }
        },
        reporting("updatePipelineMetrics", to: meter) { count in
            for _ in 0..<count { MetricsReporter.updatePipelineMetrics(pipelineId: id, metrics: metrics) }
        },
        reporting("recordCheckpointUpdate, over the limit", to: meter) { count in
            for number in 0..<count { MetricsReporter.recordCheckpointUpdate(pipelineId: over, offset: number) }
        },
        Benchmark("PipelineAggregate handle, a batch") { count in
            try withEventLoops { group in
                let aggregate = PipelineAggregate(id, meter: meter, executor: group.first.serialExecutor)
                for command in [.create, .start] as [PipelineCommand] { try await aggregate.handle(command, at: .zero) }
                let batch = PipelineCommand.reportBatch(
                    batchId: "batch-456",
                    successCount: 1000,
                    failureCount: 5,
                    processingTimeMs: 250
                )
                for _ in 0..<count { try await aggregate.handle(batch, at: .zero) }
            }
        },
        Benchmark("collect 1000 pipelines") { blackHole(meter.collect()) },
        Benchmark("gather 1000 pipelines") { blackHole(registry.gather()) },
        Benchmark("render 1000 pipelines, text") { blackHole(registry.render(.text004)) },
        Benchmark("render 1000 pipelines, OpenMetrics") { blackHole(registry.render(.openMetrics100)) },
        Benchmark("render 1000 pipelines, OpenMetrics, gzip") {
            blackHole(RenderedMetrics(registry.gather(), inAdvance: false).representation(.openMetrics100, .gzip))
        },
        Benchmark("render 1000 pipelines, all four bodies") { blackHole(RenderedMetrics(registry)) },
    ]
}

/// What the pipelines of `filledMeter` take: themselves, what is rendered of them, and the process in which that happens.
func printPipelineMemory() throws {
    let (before, peakBefore) = (allocated_bytes(), peakResidentBytes())
    let meter = try filledMeter()
    print("\((allocated_bytes() - before) / 1000) bytes per pipeline, of 1000")
    let registry = Registry()
    try registry.register(meter)
    for (what, inAdvance) in [("with one body, compressed", false), ("with all four bodies", true)] {
        var rendered: RenderedMetrics?
        // The one before is there until the next is.
        for _ in 0..<10 {
            let next = RenderedMetrics(registry.gather(), inAdvance: inAdvance)
            blackHole(next.representation(.openMetrics100, .gzip))
            rendered = next
        }
        blackHole(rendered)
        print("\(allocated_bytes() - before) bytes \(what)")
        print("\(peakResidentBytes()) bytes resident at most, \(peakBefore) before there was a pipeline")
    }
}

/// Serves 1,000 pipelines, each of which tells of a batch five times a second, until the program is ended.
func servePipelines(on port: String) throws -> Never {
    let (registry, meter) = (Registry(), try filledMeter())
    try registry.register(meter)
    let server = try MetricsServer.start(registry, on: "127.0.0.1:\(port)")
    while true {
        for number in 0..<1000 {
            let id = "pipeline-\(number)"
            meter.recordBatchProcessed(pipelineId: id, successCount: 10, failureCount: 1, processingTimeMs: number)
        }
        usleep(200_000)
        blackHole(server)
    }
}

private func peakResidentBytes() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}

/// 1,000 pipelines with everything that can be counted of them: a few changes of state, two error codes.
private func filledMeter() throws -> PipelineMeter {
    let meter = try PipelineMeter()
    for number in 0..<1000 {
        let id = "pipeline-\(number)"
        let ways: [(PipelineState, PipelineState)] = [
            (.empty, .configured), (.configured, .running), (.running, .paused), (.paused, .running),
        ]
        for (from, to) in ways { meter.recordStateTransition(pipelineId: id, fromState: from, toState: to) }
        for time in [3, 40, 300, 4000] {
            meter.recordBatchProcessed(
                pipelineId: id,
                successCount: 1000 + number,
                failureCount: number,
                processingTimeMs: time + number
            )
        }
        for code in ["TIMEOUT", "CONNECTION_FAILED"] {
            meter.recordBatchFailed(pipelineId: id, errorCode: code)
            meter.recordRetryScheduled(pipelineId: id, errorCode: code, retryCount: 1)
        }
        meter.recordBatchTimeout(pipelineId: id, batchId: "batch-456")
        meter.recordCheckpointUpdate(pipelineId: id, offset: number)
        meter.updatePipelineMetrics(
            pipelineId: id,
            metrics: PipelineMetrics().incrementBatch(ok: 1000, ko: 5, timeMs: 250)
        )
    }
    return meter
}

/// A case of the reporter's calls while it is started with a meter, or with none.
private func reporting(
    _ call: String,
    to meter: PipelineMeter?,
    repeated body: @escaping (Int) -> Void
) -> Benchmark {
    Benchmark("MetricsReporter \(call)\(meter == nil ? ", not started" : "")") { count in
        if let meter { MetricsReporter.start(meter) }
        body(count)
        MetricsReporter.shutdown()
    }
}
