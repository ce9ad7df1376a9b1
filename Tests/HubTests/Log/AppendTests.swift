import AsyncHTTP
import Hub
import Testing

@Suite("An appended report")
struct AppendTests {
    private static let everything = Report(
        component: Component(type: "worker_pool", name: "worker-cpu-01", instance: "a/\u{e9}"),
        reportID: "one",
        ttl: .seconds(90),
        metrics: [
            ReportedMetric(
                name: "cpu",
                kind: .gauge,
                value: 45.2,
                time: 1_704_110_400_000,
                labels: [
                    ReportedLabel(name: "component", value: "worker-cpu-01"),
                    ReportedLabel(name: "path", value: "C:\\\"x\"\n\u{202e}"),
                ],
                help: "CPU usage",
                unit: "percent"
            ),
            ReportedMetric(name: "cpu", kind: .counter, value: -0.0, time: midnight - 1),
            ReportedMetric(name: "cpu", kind: .gauge, value: .infinity, time: midnight, help: ""),
            ReportedMetric(name: "other", kind: .summary, value: -.infinity, time: .min),
            ReportedMetric(name: "other", kind: .histogram, value: 1e300, time: .max),
        ],
        arrived: midnight
    )

    @Test("is read as it was sent")
    func roundTrip() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        #expect(try await log.append(Self.everything) == .written(sequence: 1))
        let reports = try log.reader().read(after: 0, limit: 10)
        let read = try #require(reports.first)
        #expect(reports.count == 1)
        #expect(read.sequence == 1)
        #expect(read.component == Self.everything.component)
        #expect(read.arrived == midnight)
        #expect(read.ttl == .seconds(90))
        #expect(read.metrics == Self.everything.metrics)
        #expect(read.metrics[1].value.sign == .minus)
    }

    @Test("is the same after the log was closed and opened")
    func reopened() async throws {
        let directory = try LogDirectory()
        let first = try directory.log()
        _ = try await first.append(Self.everything)
        first.close()
        let second = try directory.log()
        #expect(second.identity == first.identity)
        #expect(try await second.append(.sample()) == .written(sequence: 2))
        let metrics = try second.reader().read(after: 0, limit: 10).map(\.metrics)
        #expect(metrics == [Self.everything.metrics, Report.sample().metrics])
        second.close()
    }

    @Test("that was sent again is recognised, for a day", arguments: [false, true])
    func duplicates(isReopened: Bool) async throws {
        let directory = try LogDirectory()
        var log = try directory.log()
        #expect(try await log.append(.sample(id: "x")) == .written(sequence: 1))
        if isReopened {
            log.close()
            log = try directory.log()
        }
        #expect(try await log.append(.sample(id: "x")) == .duplicate)
        #expect(try await log.append(.sample(id: "x", at: midnight + day - 1)) == .duplicate)
        // Over midnight: the tables of both days are asked.
        #expect(try await log.append(.sample(id: "x", at: midnight + day)) == .duplicate)
        #expect(try await log.append(.sample(id: "x", at: midnight + day + 1)) == .written(sequence: 2))
        #expect(try await log.append(.sample(of: "another", id: "x")) == .written(sequence: 3))
        #expect(try await log.append(.sample(id: "y")) == .written(sequence: 4))
        #expect(try await log.append(.sample()) == .written(sequence: 5))
        #expect(try await log.append(.sample()) == .written(sequence: 6))
        log.close()
    }

    @Test("that differs a little from the last of its component is another: in a byte, a place, a kind, a missing text")
    func almostTheSame() async throws {
        func metric(
            _ name: String = "m",
            _ kind: ReportedKind = .gauge,
            labels: [ReportedLabel] = [ReportedLabel(name: "a", value: "\u{e9}")],
            help: String? = "h",
            unit: String? = nil
        ) -> ReportedMetric {
            ReportedMetric(name: name, kind: kind, value: 1, time: midnight, labels: labels, help: help, unit: unit)
        }
        let variants = [
            [metric(), metric("n")], [metric("n"), metric()], [metric()], [metric("o"), metric("n")],
            [metric("m", .counter), metric("n")], [metric(help: nil), metric("n")], [metric(help: ""), metric("n")],
            [metric(unit: ""), metric("n")], [metric(labels: []), metric("n")],
            // It looks the same.
            [metric(labels: [ReportedLabel(name: "a", value: "e\u{301}")]), metric("n")],
            [metric(labels: [ReportedLabel(name: "a", value: "e\u{300}")]), metric("n")],
            [metric(labels: [ReportedLabel(name: "b", value: "\u{e9}")]), metric("n")],
        ]
        let directory = try LogDirectory()
        let log = try directory.log()
        var sent: [[ReportedMetric]] = []
        for variant in variants {
            for metrics in [variants[0], variants[0], variant, variant] {
                let report = Report(component: Component(type: "t", name: "n"), metrics: metrics, arrived: midnight)
                _ = try await log.append(report)
                sent.append(metrics)
            }
        }
        let read = try log.reader().read(after: 0, limit: 100).map(\.metrics)
        #expect(read == sent)
        let bytes = { (metrics: [[ReportedMetric]]) in
            metrics.map { $0.flatMap { $0.labels.map { Array($0.value.utf8) } } }
        }
        #expect(bytes(read) == bytes(sent))
        log.close()
    }

    @Test("among many at once is written once, in an order without gaps")
    func concurrent() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        let outcomes = try await withThrowingTaskGroup(of: Appended.self) { group in
            for number in 0..<400 {
                group.addTask { try await log.append(.sample(["m": Double(number)], id: "\(number % 200)")) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .duplicate } == 200)
        let reports = try log.reader().read(after: 0, limit: 1000)
        #expect(reports.map(\.sequence) == Array(1...200))
        #expect(Set(reports.map { Int($0.metrics[0].value) % 200 }).count == 200)
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }

    @Test("with more samples than one may have is refused, and the others are not")
    func tooLarge() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.limits.samples = 2 }
        let error = await #expect(throws: LogError.self) { try await log.append(.sample(["a": 1, "b": 2, "c": 3])) }
        #expect(error?.kind == .tooLarge)
        #expect(try await log.append(.sample(["a": 1, "b": 2])) == .written(sequence: 1))
    }

    @Test("of new series is refused when there are as many as may be; of known ones it is not")
    func tooManySeries() async throws {
        let directory = try LogDirectory()
        let log = try directory.log {
            $0.limits.series = 2
            $0.limits.components = 2
        }
        _ = try await log.append(.sample(["a": 1, "b": 1]))
        for report in [Report.sample(["a": 1, "c": 1]), .sample(["a": 1], of: "second"), .sample([:], of: "third")] {
            let error = await #expect(throws: LogError.self) { try await log.append(report) }
            #expect(error?.kind == .tooManySeries)
        }
        #expect(try await log.append(.sample(["b": 2])) == .written(sequence: 2))
        #expect(try LogVerification.run(log.reader()).problems == [])
    }

    @Test("after the close is refused")
    func closed() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        log.close()
        let error = await #expect(throws: LogError.self) { try await log.append(.sample()) }
        #expect(error?.kind == .closed)
    }

    @Test("that comes while a commit hangs waits, and one too many is refused; a cancelled one is let go")
    func behind() async throws {
        let directory = try LogDirectory()
        let log = try directory.log {
            $0.limits.waitingReports = 3
            $0.limits.patience = .seconds(86_400)
        }
        let other = try Outsider(directory.file)
        try other.execute("BEGIN IMMEDIATE")
        let waiting = (0..<3).map { number in Task { try await log.append(.sample(id: "\(number)")) } }
        await until { log.backlog == 3 }
        let error = await #expect(throws: LogError.self) { try await log.append(.sample()) }
        #expect(error?.kind == .behind)
        waiting[2].cancel()
        let cancelled = await #expect(throws: LogError.self) { try await waiting[2].value }
        #expect(cancelled?.kind == .cancelled)
        try other.execute("COMMIT")
        for task in waiting.prefix(2) {
            guard case .written = try await task.value else {
                Issue.record("it was not written")
                continue
            }
        }
        await until { log.backlog == 0 }
        log.close()
    }

    @Test("that does not fit beside what waits is refused, and one that is alone is not")
    func waitingSize() async throws {
        let directory = try LogDirectory()
        let log = try directory.log {
            $0.limits.waitingSize = .bytes(1)
            $0.limits.patience = .seconds(86_400)
        }
        let other = try Outsider(directory.file)
        try other.execute("BEGIN IMMEDIATE")
        let alone = Task { try await log.append(.sample()) }
        await until { log.backlog == 1 }
        let error = await #expect(throws: LogError.self) { try await log.append(.sample()) }
        #expect(error?.kind == .behind)
        try other.execute("COMMIT")
        #expect(try await alone.value == .written(sequence: 1))
        log.close()
    }
}
