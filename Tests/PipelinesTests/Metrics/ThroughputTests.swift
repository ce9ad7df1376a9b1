import Telemetry
import Testing

@testable import Pipelines

@Suite("Throughput")
struct ThroughputTests {
    private let time = MovedTime()
    private let meter: PipelineMeter
    private let exported: ExportedSeries

    init() throws {
        let time = time
        meter = try PipelineMeter { time.now }
        exported = try ExportedSeries(of: meter)
    }

    private func throughput(of id: String = "p") -> Double? {
        exported.value("dataflow_records_throughput_per_second", ["pipeline_id": id])
    }

    @Test("it is the records of the last ten seconds, by ten, and falls to zero when none come any more")
    func window() {
        var metrics = PipelineMetrics()
        var seen: [Double?] = []
        for second in 0..<25 {
            if second < 12 {
                metrics = metrics.incrementBatch(ok: 100, ko: 7, timeMs: 1)
                meter.updatePipelineMetrics(pipelineId: "p", metrics: metrics)
            }
            time.advance(by: .seconds(1))
            seen.append(throughput())
        }
        #expect(seen.prefix(10) == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
        #expect(seen[10..<12] == [100, 100])
        #expect(seen[12..<22] == [90, 80, 70, 60, 50, 40, 30, 20, 10, 0])
        #expect(seen[22...].allSatisfy { $0 == 0 })
    }

    @Test("how often it is collected makes no difference")
    func collections() {
        var metrics = PipelineMetrics()
        for _ in 0..<80 {
            metrics = metrics.incrementBatch(ok: 25, ko: 0, timeMs: 1)
            meter.updatePipelineMetrics(pipelineId: "p", metrics: metrics)
            for _ in 0..<5 {
                time.advance(by: .milliseconds(50))
                _ = throughput()
            }
        }
        #expect(throughput() == 100)
    }

    @Test("after a longer pause between collections it is the mean since the last one")
    func rare() {
        meter.updatePipelineMetrics(pipelineId: "p", metrics: PipelineMetrics().incrementBatch(ok: 1, ko: 0, timeMs: 1))
        time.advance(by: .seconds(60))
        _ = throughput()
        meter.updatePipelineMetrics(
            pipelineId: "p",
            metrics: PipelineMetrics().incrementBatch(ok: 1, ko: 0, timeMs: 1).incrementBatch(ok: 600, ko: 0, timeMs: 1)
        )
        time.advance(by: .seconds(60))
        #expect(throughput() == 10)
        time.advance(by: .seconds(60))
        #expect(throughput() == 0)
    }

    @Test("a pipeline that comes back with a long life behind it does not jump")
    func replayed() {
        let before = PipelineMetrics().incrementBatch(ok: 1_000_000, ko: 0, timeMs: 1)
        meter.updatePipelineMetrics(pipelineId: "p", metrics: before.incrementBatch(ok: 50, ko: 0, timeMs: 1))
        time.advance(by: .seconds(1))
        #expect(throughput() == 5)
    }

    @Test("batches that were told together all count, and a pipeline that began again counts from there")
    func told() {
        let one = PipelineMetrics().incrementBatch(ok: 10, ko: 0, timeMs: 1)
        meter.updatePipelineMetrics(pipelineId: "p", metrics: one)
        let three = one.incrementBatch(ok: 10, ko: 0, timeMs: 1).incrementBatch(ok: 10, ko: 0, timeMs: 1)
        meter.updatePipelineMetrics(pipelineId: "p", metrics: three)
        time.advance(by: .seconds(1))
        #expect(throughput() == 3)
        meter.updatePipelineMetrics(pipelineId: "p", metrics: one)
        #expect(throughput() == 4)
    }

    @Test("what pipelines over the limit tell does not mix their totals")
    func shared() throws {
        var limits = PipelineMeterLimits()
        limits.pipelines = 0
        let meter = try PipelineMeter(limits: limits) { [time] in time.now }
        let exported = try ExportedSeries(of: meter)
        let large = PipelineMetrics().incrementBatch(ok: 1_000_000, ko: 0, timeMs: 1)
        for metrics in [large, PipelineMetrics(), large].map({ $0.incrementBatch(ok: 10, ko: 0, timeMs: 1) }) {
            meter.updatePipelineMetrics(pipelineId: "p", metrics: metrics)
        }
        time.advance(by: .seconds(1))
        #expect(exported.value("dataflow_records_throughput_per_second", ["pipeline_id": "overflow"]) == 3)
    }

    @Test("a window is at least a second long, and time that goes back does no harm")
    func edges() {
        let start = ContinuousClock.now
        var window = ThroughputWindow(window: .zero, since: start)
        window.add(5)
        #expect(window.rate(at: start) == 5)
        #expect(window.rate(at: start - .seconds(3)) == 5)
        window.add(.max)
        #expect(window.rate(at: start + .seconds(1)) == 4)
    }
}
