import Telemetry
import Testing

@testable import AsyncHTTP
@testable import Hub
@testable import TelemetryServer

@Suite("Publishing what is held")
struct LatestPublisherTests {
    private func published(_ body: @escaping @Sendable (Latest, LatestPublisher) throws -> Void) throws {
        try withEventLoops { group in
            let latest = Latest()
            let registry = Registry()
            _ = try registry.gauge("agent_hub_components", help: "Components.") as Gauge
            try body(latest, LatestPublisher(latest, beside: { registry.gather() }, on: group.loops[0]))
        }
    }

    private let text = Representation(.text004, .identity)

    @Test("a scrape sees what was published last, with the hub's own metrics at its end")
    func moments() throws {
        try published { latest, publisher in
            publisher.publish(at: .now, wallClock: arrival)
            let before = publisher.version
            #expect(publisher.scrape(text) == nil, "nobody has asked before")
            let report = Report(component: Component(type: "t", name: "w"), metrics: [gauge()], arrived: arrival)
            latest.apply(try latest.admit(DecodedReport(report)))
            publisher.publish(at: .now, wallClock: arrival)
            #expect(publisher.version != before)
            let body = try #require(publisher.scrape(text)).body
            #expect(String(decoding: body, as: UTF8.self).contains("\na{component=\"w\",component_type=\"t\"} 1\n"))
            #expect(String(decoding: body, as: UTF8.self).hasSuffix("\nagent_hub_components 0\n"))
            publisher.publish(at: .now, wallClock: arrival + 300_000)
            let after = try #require(publisher.scrape(text)).body
            #expect(!String(decoding: after, as: UTF8.self).contains("\na{"))
        }
    }

    @Test("a question for one component is answered from memory")
    func filter() throws {
        try published { latest, publisher in
            let component = Component(type: "t", name: "w")
            let report = Report(component: component, metrics: [gauge()], arrived: arrival)
            latest.apply(try latest.admit(DecodedReport(report)))
            let bodies = publisher.bodies(LatestFilter(runtimeID: component.runtimeID))
            #expect(bodies.representation(.openMetrics100, .identity).body.suffix(6) == Array("# EOF\n".utf8)[...])
        }
    }
}
