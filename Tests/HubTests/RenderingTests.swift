import Telemetry
import TestExposition
import Testing

@testable import Hub

@Suite("What is exported")
struct RenderingTests {
    private func hub() -> Reporting {
        let hub = Reporting()
        hub.report(
            gauge("cpu_percent", 45.25, help: "CPU \"used\"\n\\", unit: "percent"),
            gauge("jobs_total", 7, .counter, labels: ["queue": "a\"b"], help: "Jobs."),
            gauge("items", 150, .counter, unit: "items"),
            gauge("wait_seconds", 0.5, .summary),
            gauge("nothing", .nan),
            gauge("minus_total", -1, .counter)
        )
        return hub
    }

    @Test("text")
    func text() {
        var hub = hub()
        #expect(
            hub.exported() == #"""
                # HELP agent_hub_last_report_timestamp_seconds When a report of the component was kept last.
                # TYPE agent_hub_last_report_timestamp_seconds gauge
                agent_hub_last_report_timestamp_seconds{component="w",component_type="t"} 1800000000
                # HELP cpu_percent CPU "used"\n\\
                # TYPE cpu_percent gauge
                cpu_percent{component="w",component_type="t"} 45.25
                # HELP items 
                # TYPE items counter
                items{component="w",component_type="t"} 150
                # HELP jobs_total Jobs.
                # TYPE jobs_total counter
                jobs_total{component="w",component_type="t",queue="a\"b"} 7
                # HELP minus_total 
                # TYPE minus_total counter
                minus_total{component="w",component_type="t"} -1
                # HELP nothing 
                # TYPE nothing gauge
                nothing{component="w",component_type="t"} NaN
                # HELP wait_seconds 
                # TYPE wait_seconds untyped
                wait_seconds{component="w",component_type="t"} 0.5

                """#
        )
    }

    @Test("OpenMetrics, in which a counter without its suffix is unknown, and none is negative")
    func openMetrics() {
        var hub = hub()
        #expect(
            hub.exported(.openMetrics100) == #"""
                # HELP agent_hub_last_report_timestamp_seconds When a report of the component was kept last.
                # TYPE agent_hub_last_report_timestamp_seconds gauge
                # UNIT agent_hub_last_report_timestamp_seconds seconds
                agent_hub_last_report_timestamp_seconds{component="w",component_type="t"} 1800000000.0
                # HELP cpu_percent CPU \"used\"\n\\
                # TYPE cpu_percent gauge
                # UNIT cpu_percent percent
                cpu_percent{component="w",component_type="t"} 45.25
                # HELP items 
                # TYPE items unknown
                items{component="w",component_type="t"} 150.0
                # HELP jobs Jobs.
                # TYPE jobs counter
                jobs_total{component="w",component_type="t",queue="a\"b"} 7.0
                # HELP minus 
                # TYPE minus counter
                # HELP nothing 
                # TYPE nothing gauge
                nothing{component="w",component_type="t"} NaN
                # HELP wait_seconds 
                # TYPE wait_seconds unknown
                wait_seconds{component="w",component_type="t"} 0.5
                # EOF

                """#
        )
    }

    @Test(
        "a counter whose name in OpenMetrics is claimed by others keeps its own, until they are gone",
        arguments: ["a", "a_created", "a_created_total"]
    )
    func claimedNames(other: String) throws {
        var hub = Reporting()
        hub.report(gauge("a_total", -1, .counter))
        #expect(hub.exported(.openMetrics100).contains("# TYPE a counter\n"))
        #expect(!hub.exported(.openMetrics100).contains("a_total{"))
        hub.report(gauge(other, 1, .counter), ttl: .seconds(1))
        let body = hub.exported(.openMetrics100)
        #expect(body.contains("# TYPE a_total unknown\n"))
        #expect(body.contains("a_total{component=\"w\",component_type=\"t\"} -1.0\n"))
        _ = try Parsers.parse([Array(body.utf8)], as: .openmetrics)
        #expect(hub.exported(.openMetrics100, after: 1000).contains("# TYPE a counter\n"))
    }

    @Test("the help is that of the first component by name, whoever reports last")
    func help() {
        var hub = Reporting()
        for (name, ttl) in [("b", 300), ("a", 10), ("c", 300)] {
            hub.report(gauge("x", help: "From \(name)."), by: Component(type: "t", name: name), ttl: .seconds(ttl))
        }
        hub.report(gauge("x"), by: Component(type: "t", name: "0"))
        #expect(hub.exported().contains("# HELP x From a.\n"))
        #expect(hub.exported(after: 10_000).contains("# HELP x From b.\n"))
        hub.report(gauge("x", help: "Other."), by: Component(type: "t", name: "b"))
        #expect(hub.exported(after: 10_000).contains("# HELP x Other.\n"))
    }

    @Test("parts that have not changed are the same, not made again")
    func incremental() {
        let hub = Reporting()
        for number in 0..<1000 {
            hub.report(gauge("a", labels: ["n": "\(number)"]), gauge("b"), by: Component(type: "t", name: "\(number)"))
        }
        var renderer = LatestRenderer()
        let first = renderer.render(hub.latest.changes())
        let same = renderer.render(hub.latest.changes())
        #expect(same.blocks.map(ObjectIdentifier.init) == first.blocks.map(ObjectIdentifier.init))
        hub.report(gauge("b"), by: Component(type: "t", name: "500"))
        let equal = renderer.render(hub.latest.changes())
        #expect(equal.blocks.map(ObjectIdentifier.init) == first.blocks.map(ObjectIdentifier.init))
        hub.report(gauge("b", 2), by: Component(type: "t", name: "500"))
        let changed = renderer.render(hub.latest.changes())
        let known = Set(first.blocks.flatMap(\.parts).map(ObjectIdentifier.init))
        #expect(changed.blocks.flatMap(\.parts).filter { !known.contains(ObjectIdentifier($0)) }.count == 1)
    }

    @Test("a question for one component is answered with its series only")
    func filters() throws {
        let hub = Reporting()
        let (one, other) = (Component(type: "t", name: "w1"), Component(type: "u", name: "w2"))
        hub.report(gauge("a", help: "Help."), gauge("b"), by: one)
        hub.report(gauge("a", 2), by: other)
        func exported(_ filter: LatestFilter) -> [String] {
            var renderer = LatestRenderer()
            let bodies = renderer.render(hub.latest.selection(filter))
            let body = bodies.representation(.text004, .identity).body
            return String(decoding: body, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        #expect(exported(LatestFilter(name: "w3")).isEmpty)
        #expect(exported(LatestFilter(name: "w1", runtimeID: other.runtimeID)).isEmpty)
        for filter in [LatestFilter(name: "w2"), LatestFilter(runtimeID: other.runtimeID)] {
            #expect(
                exported(filter).filter { !$0.contains("agent_hub_") }
                    == ["# HELP a Help.", "# TYPE a gauge", #"a{component="w2",component_type="u"} 2"#]
            )
        }
        #expect(exported(LatestFilter()).filter { !$0.hasPrefix("#") }.count == 5)
    }

    @Test("whoever reads expositions reads these, in every format")
    func readers() throws {
        var hub = hub()
        hub.report(
            gauge("foo_bucket", 3, .histogram, labels: ["le": "0.1"]),
            gauge("foo_sum", 3, .histogram),
            gauge("q", 1, .summary, labels: ["quantile": "0.5", "text": "é\r\t\u{1}"], help: "\r"),
            gauge("_total", 1, .counter),
            gauge("a_info"),
            gauge("b_total"),
            gauge("c:d", .infinity),
            gauge("e_total_total", 1e300, .counter),
            gauge("e_total", -0.0, .counter),
            gauge("odd_unit", unit: "é")
        )
        let text = Array(hub.exported().utf8)
        _ = try Parsers.lint(text)
        let openMetrics = Array(hub.exported(.openMetrics100).utf8)
        let found = try Parsers.parse([text], as: .text)[0]
        #expect(found.count == 17)
        let strict = Set(try Parsers.parse([openMetrics], as: .openmetrics)[0])
        // That reader of text calls every counter `…_total`, whatever it is called.
        #expect(strict.subtracting(found).allSatisfy { $0.hasPrefix("items ") })
    }
}
