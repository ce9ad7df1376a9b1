import Telemetry
import TestExposition
import Testing

@testable import Hub

/// Random reports against a model that has nothing to do with how it is done: a list of all samples.
@Suite("What is held, against a model")
struct LatestModelTests {
    /// Everything that was admitted and is not over.
    private struct Model {
        struct Entry {
            let component: Component
            let name: String
            let kind: ReportedKind
            var value: Double
            var time: Int64
            var expiry: Int64
        }

        var entries: [String: Entry] = [:]
        var limits: LatestLimits

        mutating func expire(at now: Int64) { entries = entries.filter { $0.value.expiry > now } }

        /// - Returns: the places of those that were rejected.
        mutating func report(_ report: Report) -> [Int] {
            var rejected: [Int] = []
            for (index, metric) in report.metrics.enumerated() {
                let key = "\(metric.name) \(report.component.name) \(metric.labels.first?.value ?? "")"
                let held = entries.values.first { $0.name == metric.name }?.kind ?? metric.kind
                let own = entries.values.count { $0.component == report.component }
                let isFull = own >= limits.seriesOfComponent || entries.count >= limits.series
                if held != metric.kind || (entries[key] == nil && isFull) {
                    rejected.append(index)
                } else if metric.time >= entries[key]?.time ?? .min {
                    entries[key] = Entry(
                        component: report.component,
                        name: metric.name,
                        kind: metric.kind,
                        value: metric.value,
                        time: metric.time,
                        expiry: report.arrived + Int64((report.ttl ?? limits.ttl) / .milliseconds(1))
                    )
                }
            }
            return rejected
        }

        /// `name component label value`, sorted.
        var exported: [String] { entries.map { "\($0.key) \(Int($0.value.value))" }.sorted() }
    }

    @Test("every moment is what the model says, and compressed it is the same", arguments: UInt64(0)..<6)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var limits = LatestLimits()
        (limits.series, limits.seriesOfComponent) = (280, 45)
        limits.componentMemory = .seconds(90)
        var model = Model(limits: limits)
        let latest = Latest(limits: limits)
        var renderer = LatestRenderer()
        var now = arrival
        for _ in 0..<600 {
            let report = report(at: now, &generator)
            let rejected = model.report(report)
            let found: [Int]
            do {
                let admitted = try latest.admit(DecodedReport(report))
                latest.apply(admitted)
                found = admitted.rejections.map(\.index)
            } catch {
                found = Array(report.metrics.indices)
            }
            #expect(found == rejected)
            now += Int64.random(in: 0...2000, using: &generator)
            model.expire(at: now)
            latest.expire(at: now)
            guard Bool.random(using: &generator) else { continue }
            let bodies = renderer.render(latest.changes())
            let body = bodies.representation(.text004, .identity).body
            try #require(read(body) == model.exported)
            for format in [ExpositionFormat.text004, .openMetrics100] {
                let plain = bodies.representation(format, .identity).body
                let compressed = bodies.representation(format, .gzip).body
                try #require(gunzip(compressed, limit: plain.count + 1) == plain)
            }
            #expect(latest.seriesCount == model.entries.count)
        }
        latest.expire(at: now + 3_600_000)
        #expect(latest.seriesCount == 0)
        #expect(latest.componentCount == 0)
        #expect(renderer.render(latest.changes()).representation(.text004, .identity).body.isEmpty)
    }

    private func report(at now: Int64, _ generator: inout SeededGenerator) -> Report {
        let component = Component(type: "t", name: "w\(Int.random(in: 0..<8, using: &generator))")
        let metrics = (0..<Int.random(in: 1...25, using: &generator)).map { _ in
            gauge(
                "m\(Int.random(in: 0..<3, using: &generator))",
                Double(Int.random(in: 0..<5, using: &generator)),
                Int.random(in: 0..<30, using: &generator) == 0 ? .counter : .gauge,
                time: now - Int64.random(in: 0...500, using: &generator),
                labels: ["n": "\(Int.random(in: 0..<30, using: &generator))"]
            )
        }
        let ttl = [nil, Duration.seconds(5), .seconds(60)].randomElement(using: &generator) ?? nil
        return Report(component: component, ttl: ttl, metrics: metrics, arrived: now)
    }

    private func read(_ body: [UInt8]) -> [String] {
        String(decoding: body, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), !line.hasPrefix("agent_hub_") else { return nil }
            let parts = line.split(separator: "\"")
            let name = line.prefix { $0 != "{" }
            return "\(name) \(parts[1]) \(parts[5]) \(line.split(separator: " ").last ?? "")"
        }.sorted()
    }
}
