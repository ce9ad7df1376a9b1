import Telemetry
import Testing

@testable import Pipelines

@Suite("Instruments of a pipeline's own")
struct OwnInstrumentTests {
    private let registry = Registry()
    private let meter: PipelineMeter

    init() throws {
        var limits = PipelineMeterLimits()
        limits.pipelines = 2
        meter = try PipelineMeter(limits: limits)
        try registry.register(meter)
    }

    private func lines(_ name: String) -> [String] {
        String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(name) }
    }

    @Test("are told apart by the pipeline, and end with it")
    func life() throws {
        let bytes = try meter.counter("order_bytes_total", help: "Bytes.", unit: "bytes", in: registry)
        let depth = try meter.gauge("order_depth", help: "Depth.", in: registry)
        let sizes = try meter.histogram("order_sizes", help: "Sizes.", buckets: Buckets([1]), in: registry)
        for (number, id) in ["a", "b"].enumerated() {
            meter.recordBatchTimeout(pipelineId: id, batchId: "1")
            try bytes.with(id).increment(by: 5)
            try depth.with(id).set(Double(number))
            try sizes.with(id).observe(2)
        }
        #expect(
            lines("order_bytes") == [
                #"order_bytes_total{pipeline_id="a"} 5"#, #"order_bytes_total{pipeline_id="b"} 5"#,
            ]
        )
        #expect(lines("order_depth") == [#"order_depth{pipeline_id="a"} 0"#, #"order_depth{pipeline_id="b"} 1"#])
        #expect(
            lines("order_sizes_count") == [
                #"order_sizes_count{pipeline_id="a"} 1"#, #"order_sizes_count{pipeline_id="b"} 1"#,
            ]
        )
        meter.remove(pipelineId: "a")
        for name in ["order_bytes", "order_depth", "order_sizes_count", "dataflow_batches_timeouts"] {
            #expect(lines(name).count == 1 && lines(name).allSatisfy { $0.contains(#"="b"}"#) }, "\(name)")
        }
    }

    @Test("have the meter's limit, beyond which pipelines share one that stays")
    func limit() throws {
        let bytes = try meter.counter("order_bytes_total", help: "Bytes.", in: registry)
        for id in ["a", "b", "c", "d"] { try bytes.with(id).increment() }
        meter.remove(pipelineId: "overflow")
        #expect(lines("order_bytes_total{").count == 3)
        #expect(lines("order_bytes_total{").contains(#"order_bytes_total{pipeline_id="overflow"} 2"#))
    }

    @Test("end with a pipeline that is deleted by a command")
    func deleted() async throws {
        let bytes = try meter.counter("order_bytes_total", help: "Bytes.", in: registry)
        let pipeline = PipelineAggregate("a", meter: meter)
        try await pipeline.handle(.create, at: moment)
        try bytes.with("a").increment()
        try await pipeline.handle(.delete, at: moment)
        #expect(lines("order_bytes_total{").isEmpty)
    }
}
