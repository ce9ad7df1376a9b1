import AsyncHTTP
import Testing

@testable import Hub

@Suite("What is held")
struct LatestTests {
    private let minute: Int64 = 60_000

    @Test("a sample is exported until its time is over, counted from its arrival")
    func expiry() {
        var hub = Reporting()
        hub.report(gauge("usual", time: 0), gauge("other", time: 0))
        hub.report(gauge("short", time: 0), by: Component(type: "t", name: "s"), ttl: .seconds(60))
        #expect(hub.lines().count == 3)
        #expect(hub.lines(after: minute - 1).count == 3)
        #expect(hub.lines(after: minute).count == 2)
        hub.report(gauge("usual", 2, time: 0), after: 4 * minute)
        #expect(hub.lines(after: 5 * minute) == [#"usual{component="w",component_type="t"} 2"#])
        #expect(hub.lines(after: 9 * minute).isEmpty)
        #expect(hub.latest.seriesCount == 0)
    }

    @Test("a shorter time takes the place of a longer one")
    func shorter() {
        var hub = Reporting()
        hub.report(gauge(), ttl: .seconds(86_400))
        hub.report(gauge(), ttl: .seconds(1))
        #expect(hub.lines(after: 1000).isEmpty)
    }

    @Test("an older sample does not take the place of a newer one, nor does it keep it")
    func older() {
        var hub = Reporting()
        hub.report(gauge("a", 1, time: 1000))
        hub.report(gauge("a", 2, time: 999), after: minute)
        #expect(hub.lines(after: minute) == [#"a{component="w",component_type="t"} 1"#])
        #expect(hub.lines(after: 5 * minute).isEmpty)
        hub.report(gauge("a", 3, time: 1000), gauge("a", 4, time: 1000), after: 5 * minute)
        #expect(hub.lines(after: 5 * minute) == [#"a{component="w",component_type="t"} 4"#])
    }

    @Test("a counter that goes back is exported as it is")
    func restart() {
        var hub = Reporting()
        hub.report(gauge("c_total", 9, .counter))
        hub.report(gauge("c_total", 1, .counter))
        #expect(hub.lines() == [#"c_total{component="w",component_type="t"} 1"#])
    }

    @Test("a type holds until its last series has expired")
    func types() {
        var hub = Reporting()
        hub.report(gauge("a", 1, .gauge))
        let other = Component(type: "t", name: "x")
        let rejections = hub.report(gauge("b"), gauge("a", 2, .counter), by: other)
        #expect(rejections == [Rejection(index: 1, metricName: "a", reason: .otherKind(held: .gauge))])
        #expect(hub.report(gauge("a", 2, .summary)).map(\.reason) == [.otherKind(held: .gauge)])
        #expect(hub.lines().count == 2)
        #expect(hub.lines(after: 5 * minute).isEmpty)
        #expect(hub.report(gauge("a", 2, .counter), after: 5 * minute).isEmpty)
        #expect(hub.exported(after: 5 * minute).contains("# TYPE a counter\n"))
    }

    @Test(
        "the hub says who reports, and a label of that name makes way",
        arguments: [
            ([:], nil, #"component="w",component_type="t""#),
            ([:], "i", #"component="w",component_type="t",instance="i""#),
            (["component": "w", "component_type": "t"], nil, #"component="w",component_type="t""#),
            (["component": "x"], nil, #"component="w",component_type="t",exported_component="x""#),
            (
                ["component": "x", "exported_component": "y"], nil,
                #"component="w",component_type="t",exported_component="y",exported_exported_component="x""#
            ),
            (["instance": "x"], nil, #"component="w",component_type="t",instance="x""#),
            (["instance": "x"], "i", #"component="w",component_type="t",exported_instance="x",instance="i""#),
            (["a": "1", "z": "2"], nil, #"a="1",component="w",component_type="t",z="2""#),
            (["a": ""], nil, #"component="w",component_type="t""#),
            (["a": "1", "trace_id": "4bf92f"], nil, #"a="1",component="w",component_type="t""#),
            (["a": "\"\\\n"], nil, #"a="\"\\\n",component="w",component_type="t""#),
        ] as [(KeyValuePairs<String, String>, String?, String)]
    )
    func labels(labels: KeyValuePairs<String, String>, instance: String?, expected: String) {
        var hub = Reporting()
        hub.report(gauge(labels: labels), by: Component(type: "t", name: "w", instance: instance))
        #expect(hub.lines() == ["a{\(expected)} 1"])
    }

    @Test("who meets a limit is told which, and what is held stays")
    func caps() {
        var limits = LatestLimits()
        limits.components = 2
        limits.series = 4
        limits.seriesOfComponent = 3
        var hub = Reporting(limits)
        let metrics = (0..<5).map { gauge("a", labels: ["n": "\($0)"]) }
        #expect(
            hub.report(metrics[0], metrics[1], metrics[2], metrics[3]).map(\.reason) == [.cap(.seriesOfComponent(3))]
        )
        let second = Component(type: "t", name: "x")
        #expect(hub.report(metrics[0], metrics[1], by: second).map(\.reason) == [.cap(.series(4))])
        let third = Component(type: "t", name: "y")
        #expect(hub.report(metrics[0], by: third).map(\.reason) == [.cap(.components(2))])
        #expect(hub.report(metrics[0], metrics[1], metrics[2]).isEmpty)
        #expect(hub.lines().count == 4)
        #expect(hub.lines(after: 5 * minute).isEmpty)
        // Silent components make room before their time.
        #expect(hub.report(metrics[0], by: third, after: 5 * minute).isEmpty)
        #expect(hub.latest.componentCount == 2)
    }

    @Test("the component that has been silent longest makes room first")
    func room() {
        var limits = LatestLimits()
        limits.components = 2
        let hub = Reporting(limits)
        let names = ["a", "b", "c"].map { Component(type: "t", name: $0) }
        hub.report(gauge(), by: names[1], ttl: .seconds(1))
        hub.report(gauge(), by: names[0], ttl: .seconds(1), after: 1)
        hub.latest.expire(at: arrival + 2000)
        hub.report(gauge(), by: names[2], after: 2000)
        #expect(Set(hub.latest.components().map(\.component)) == [names[0], names[2]])
    }

    @Test("what only looks the same is another component, and its label another value")
    func looks() {
        var hub = Reporting()
        let (one, other) = ("é", "e\u{301}")
        hub.report(gauge(labels: ["component": other]), by: Component(type: "t", name: one))
        hub.report(gauge(), by: Component(type: "t", name: other))
        #expect(hub.latest.componentCount == 2)
        #expect(
            hub.lines().map { Array($0.utf8) } == [
                Array("a{component=\"\(one)\",component_type=\"t\",exported_component=\"\(other)\"} 1".utf8),
                Array("a{component=\"\(other)\",component_type=\"t\"} 1".utf8),
            ]
        )
    }

    @Test("a component without a good sample is not remembered")
    func rejectedComponent() {
        var hub = Reporting()
        hub.report(gauge("a", 1, .gauge))
        hub.report(gauge("a", 1, .counter), by: Component(type: "t", name: "bad"))
        #expect(hub.latest.componentCount == 1)
        #expect(!hub.exported().contains("bad"))
    }

    @Test("a component is remembered for an hour after its last series, with the time of its last report")
    func silence() {
        var hub = Reporting()
        hub.report(gauge(), after: 1500)
        let line = #"agent_hub_last_report_timestamp_seconds{component="w",component_type="t"} 1800000001.5"#
        #expect(hub.exported().contains(line + "\n"))
        #expect(hub.exported(after: 64 * minute).contains(line + "\n"))
        #expect(hub.exported(after: 66 * minute).isEmpty)
        #expect(hub.latest.componentCount == 0)
    }

    @Test("a report without samples is a sign of life")
    func noSamples() {
        var hub = Reporting()
        hub.report()
        #expect(hub.exported().contains("agent_hub_last_report_timestamp_seconds{"))
    }

    @Test("what was admitted and never kept is not exported, and gives its place back")
    func withdrawn() throws {
        var hub = Reporting()
        let component = Component(type: "t", name: "w")
        let report = Report(component: component, metrics: [gauge()], arrived: arrival)
        _ = try hub.latest.admit(DecodedReport(report))
        #expect(hub.lines().isEmpty)
        #expect(hub.latest.seriesCount == 1)
        #expect(hub.report(gauge("a", 1, .counter)).map(\.reason) == [.otherKind(held: .gauge)])
        #expect(hub.lines(after: 5 * minute).isEmpty)
        #expect(hub.latest.seriesCount == 0)
        #expect(hub.report(gauge("a", 1, .counter), after: 5 * minute).isEmpty)
    }

    @Test("a sample whose place has expired while it was written is exported nevertheless")
    func lateApplication() throws {
        var hub = Reporting()
        hub.report(gauge("a", 1), gauge("b", 1))
        let component = Component(type: "t", name: "w")
        let late = Report(component: component, metrics: [gauge("a", 2)], arrived: arrival + 5 * minute - 1)
        let admitted = try hub.latest.admit(DecodedReport(late))
        #expect(hub.lines(after: 5 * minute).isEmpty)
        // Somebody else takes the place.
        hub.report(gauge("c", 3), after: 5 * minute)
        hub.latest.apply(admitted)
        #expect(
            hub.lines(after: 5 * minute)
                == [#"a{component="w",component_type="t"} 2"#, #"c{component="w",component_type="t"} 3"#]
        )
    }

    @Test("the account of a component")
    func account() {
        let hub = Reporting()
        let component = Component(type: "t", name: "w", instance: "i")
        hub.report(gauge(), gauge("b"), by: component)
        hub.report(gauge(), gauge("b", 1, .counter), by: component, after: 10)
        hub.latest.note(rejected: 3, of: component)
        hub.latest.note(rejected: 3, of: Component(type: "t", name: "unknown"))
        let accounts = hub.latest.components()
        #expect(accounts.count == 1)
        #expect(accounts.first?.component == component)
        #expect(accounts.first?.runtimeID == component.runtimeID)
        #expect(accounts.first?.lastReport == arrival + 10)
        #expect(accounts.first?.series == 2)
        #expect(accounts.first?.reports == 2)
        #expect(accounts.first?.rejected == 4)
    }

    @Test("names and labels have a length in all, for one component and for all of them")
    func text() {
        var limits = LatestLimits()
        limits.seriesOfComponent = 20_000
        var hub = Reporting(limits)
        let long = String(repeating: "x", count: 8000)
        var reasons: Set<String> = []
        for number in 0..<1500 {
            let rejections = hub.report(gauge("a\(number)", labels: ["l": long]))
            reasons.formUnion(rejections.map(\.reason.code.rawValue))
        }
        #expect(reasons == ["component_bytes"])
        #expect(hub.latest.seriesCount < limits.textOfComponent.bytes / 8000 + 1)
        for number in 0..<10_000 {
            let component = Component(type: "t", name: "w\(number % 100)")
            reasons.formUnion(
                hub.report(gauge("b\(number)", labels: ["l": long]), by: component).map(\.reason.code.rawValue)
            )
        }
        #expect(reasons.contains("bytes"))
        #expect(hub.exported().utf8.count < limits.text.bytes * 5 / 4)
        #expect(hub.lines(after: 5 * minute).isEmpty)
        #expect(hub.report(gauge("c", labels: ["l": long]), after: 5 * minute).isEmpty)
    }
}
