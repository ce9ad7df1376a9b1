import Postgres
import TestPostgres
import Testing

@testable import Hub

@Suite("What other hubs have written of late")
struct SharedReportsTests {
    /// Two hubs over one database: one writes, the other reads.
    private struct Hubs {
        let one: HistoryFixture
        let other: HistoryFixture
        let reports: SharedReports

        init(_ change: (inout SharingLimits) -> Void = { _ in }) throws {
            one = try HistoryFixture()
            other = try HistoryFixture(beside: one)
            var limits = SharingLimits()
            change(&limits)
            let configuration = try other.database.configuration()
            reports = try SharedReports(configuration, besides: other.log.identity, limits: limits) { _ in }
        }

        /// Writes what is in the one's log.
        func follow() throws {
            let history = try one.history()
            _ = try history.write(try one.unread(history))
        }

        /// As `component metric value`, and the labels in their order.
        func read(at moment: Int64 = midnight + 99) throws -> Set<String> {
            let look = try look(at: moment)
            #expect(!look.hasMore)
            return look.lines
        }

        func look(at moment: Int64 = midnight + 99) throws -> (lines: Set<String>, hasMore: Bool) {
            var lines: Set<String> = []
            let hasMore = try reports.read(at: moment, ttl: 100) { report in
                for metric in report.metrics {
                    let labels = metric.labels.map { " \($0.name)=\($0.value)" }.joined()
                    lines.insert("\(report.component.name) \(metric.name) \(metric.value)\(labels)")
                }
            }
            return (lines, hasMore)
        }
    }

    @Test("is of each series the newest sample, and the next time what has come since")
    func newest() async throws {
        let hubs = try Hubs()
        #expect(try hubs.read() == [])
        try await hubs.one.append(0..<8)
        try hubs.follow()
        #expect(try hubs.read() == ["w0 m 6.0", "w0 n -6.0", "w1 m 7.0", "w1 n -7.0", "w2 m 5.0", "w2 n -5.0"])
        #expect(try hubs.read() == [])
        try await hubs.one.append(8..<9)
        try hubs.follow()
        #expect(try hubs.read() == ["w2 m 8.0", "w2 n -8.0"])
    }

    @Test("is nothing that has expired, and nothing of the own log")
    func others() async throws {
        let hubs = try Hubs()
        try await hubs.one.append(0..<6)
        try hubs.follow()
        try await hubs.other.append(10..<12)
        let history = try hubs.other.history()
        _ = try history.write(try hubs.other.unread(history))
        #expect(try hubs.read(at: midnight + 106) == [])
        #expect(try hubs.read(at: midnight + 103) == ["w1 m 4.0", "w1 n -4.0", "w2 m 5.0", "w2 n -5.0"])
    }

    @Test("comes with labels, values of any kind, and who has reported it")
    func samples() async throws {
        let hubs = try Hubs()
        let labels = [
            ReportedLabel(name: "a", value: "\"\\é"), ReportedLabel(name: "long", value: "1"),
            ReportedLabel(name: "z", value: ""),
        ]
        let component = Component(type: "server_api", name: "a\tb", instance: "i")
        let metric = ReportedMetric(
            name: "x",
            kind: .counter,
            value: .infinity,
            time: midnight - 5,
            labels: labels,
            help: "h",
            unit: "u"
        )
        _ = try await hubs.one.log.append(Report(component: component, metrics: [metric], arrived: midnight))
        try hubs.follow()
        var reports: [Report] = []
        _ = try hubs.reports.read(at: midnight, ttl: 1) { reports.append($0) }
        #expect(reports.map(\.component) == [component])
        #expect(reports.map(\.arrived) == [midnight])
        #expect(reports.map(\.metrics) == [[metric]])
    }

    @Test("is all of it, however many rows there are")
    func portions() async throws {
        let hubs = try Hubs()
        let metrics = (0..<2500).map {
            ReportedMetric(name: "x\($0)", kind: .gauge, value: Double($0), time: midnight)
        }
        for name in ["a", "b"] {
            _ = try await hubs.one.log.append(
                Report(component: Component(type: "t", name: name), metrics: metrics, arrived: midnight)
            )
        }
        try hubs.follow()
        #expect(try hubs.read().count == 5000)
    }

    @Test("comes slice by slice, the newest first, and ends where nothing is exported any more")
    func slices() async throws {
        let hubs = try Hubs { $0.slice = 4 }
        try await hubs.one.append(0..<9)
        try hubs.follow()
        let look = { try hubs.look(at: midnight + 105) }
        #expect(try look() == (["w1 m 7.0", "w1 n -7.0", "w2 m 8.0", "w2 n -8.0"], true))
        #expect(try look() == (["w0 m 6.0", "w0 n -6.0"], true))
        // Meanwhile there is something newer.
        try await hubs.one.append(9..<10)
        try hubs.follow()
        #expect(try look() == (["w0 m 9.0", "w0 n -9.0"], true))
        #expect(try look() == ([], false))
    }

    @Test("is found, too, when it is old and exported for long, and not when it is older or of this hub")
    func longLived() async throws {
        let hubs = try Hubs { ($0.look, $0.longest) = (.milliseconds(200), .seconds(10)) }
        let append = { @Sendable (log: Log, name: String, ttl: Int, age: Int64) in
            _ = try await log.append(
                Report(
                    component: Component(type: "t", name: name),
                    ttl: .milliseconds(ttl),
                    metrics: [ReportedMetric(name: "x", kind: .gauge, value: 1, time: midnight - age)],
                    arrived: midnight - age
                )
            )
        }
        for (name, ttl, age) in [("a", 20_000, 11_000), ("b", 5000, 6000), ("c", 5000, 4000), ("d", 900, 300)] {
            try await append(hubs.one.log, name, ttl, Int64(age))
        }
        try await append(hubs.other.log, "own", 5000, 4000)
        try hubs.follow()
        let history = try hubs.other.history()
        _ = try history.write(try hubs.other.unread(history))
        #expect(try hubs.read(at: midnight) == ["c x 1.0", "d x 1.0"])
        #expect(try hubs.read(at: midnight) == [])
    }

    @Test("is exported for as long as its sender has said, until the sender says it no more")
    func lifetimes() async throws {
        let hubs = try Hubs()
        let report = { @Sendable (ttl: Duration?, arrived: Int64) in
            Report(
                component: Component(type: "t", name: "w"),
                ttl: ttl,
                metrics: [ReportedMetric(name: "x", kind: .gauge, value: Double(arrived - midnight), time: arrived)],
                arrived: arrived
            )
        }
        _ = try await hubs.one.log.append(report(.milliseconds(400), midnight))
        try hubs.follow()
        #expect(try hubs.read(at: midnight + 400) == [])
        _ = try await hubs.one.log.append(report(.milliseconds(400), midnight + 1))
        try hubs.follow()
        #expect(try hubs.read(at: midnight + 400) == ["w x 1.0"])
        _ = try await hubs.one.log.append(report(nil, midnight + 2))
        try hubs.follow()
        #expect(try hubs.read(at: midnight + 400) == [])
    }

    @Test("has arrived by now, however far another hub's clock is ahead")
    func ahead() async throws {
        let hubs = try Hubs()
        try await hubs.one.append(0..<1)
        try hubs.follow()
        var arrivals: [Int64] = []
        _ = try hubs.reports.read(at: midnight - 5000, ttl: 100) { arrivals.append($0.arrived) }
        #expect(arrivals == [midnight - 5000])
    }

    @Test(
        "is nothing that no hub would have taken",
        arguments: [
            "metric_name = 'a b'", "metric_name = 'up'", "labels = '{\"__a\": \"b\"}'", "labels = '[1]'",
            "timestamp = 'infinity'",
        ]
    )
    func foreign(change: String) async throws {
        let hubs = try Hubs()
        try await hubs.one.append(0..<1)
        try hubs.follow()
        try hubs.one.database.connect().execute("UPDATE noetl.metrics SET \(change) WHERE metric_name = 'm'")
        #expect(try hubs.read() == ["w0 n 0.0"])
    }
}
