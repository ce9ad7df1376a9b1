import Telemetry
import TestExposition
import Testing

@Suite("RenderedMetrics")
struct RenderedMetricsTests {
    private func registry(series: Int) throws -> Registry {
        let registry = Registry()
        let family = try registry.gauge("x", help: "Help.", labels: ["number"], limit: series)
        for number in 0..<series { try family.with("\(number)").set(Double(number) / 3) }
        return registry
    }

    @Test("every format and encoding is the same moment", arguments: [0, 1, 50, 5000])
    func representations(series: Int) throws {
        let registry = try registry(series: series)
        let rendered = RenderedMetrics(registry)
        for format in ExpositionFormat.all {
            let plain = rendered.representation(format, .identity)
            #expect(plain.contentType == format.contentType)
            #expect(plain.encoding == .identity)
            #expect(plain.body == registry.render(format))
            let compressed = rendered.representation(format, .gzip)
            #expect(compressed.contentType == format.contentType)
            #expect(compressed.encoding == .gzip)
            #expect(gunzip(compressed.body, limit: plain.body.count + 1) == plain.body)
        }
    }

    @Test("a compressed body needs no plain one that somebody has asked for")
    func compressedAlone() throws {
        let registry = try registry(series: 50)
        for format in ExpositionFormat.all {
            let rendered = RenderedMetrics(registry.gather(), inAdvance: false)
            let compressed = rendered.representation(format, .gzip).body
            #expect(gunzip(compressed, limit: 1 << 20) == registry.render(format))
            #expect(rendered.representation(format, .identity).body == registry.render(format))
        }
    }

    @Test("what has been rendered does not change")
    func immutable() throws {
        let registry = Registry()
        let counter = try registry.counter("x", help: "") as Counter
        let before = RenderedMetrics(registry)
        counter.increment()
        #expect(before.representation(.text004, .identity).body.suffix(4) == Array("l 0\n".utf8)[...])
    }

    @Test("the same metrics give the same bytes, with no time and no name in the gzip header")
    func deterministic() throws {
        let first = try RenderedMetrics(registry(series: 100)).representation(.openMetrics100, .gzip).body
        let second = try RenderedMetrics(registry(series: 100)).representation(.openMetrics100, .gzip).body
        #expect(first == second)
        #expect(first.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }
}
