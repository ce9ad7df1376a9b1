import AsyncHTTP
import Glibc
import Service
import Synchronization
import TLS
import Telemetry
import Testing

@testable import LoadTestKit

@Suite("A load")
struct LoadRunTests {
    @Test("in an open loop is as many requests as were due", arguments: [1, 2])
    func open(threads: Int) throws {
        let served = Tally()
        let settings = quickSettings {
            $0.threads = threads
            $0.warmup = .milliseconds(200)
        }
        let report = try loaded(settings) { _, responder in
            served.add()
            return try await responder.send(.text("up 1\n"))
        }
        #expect(report.measurement.answers + report.measurement.unsent == 100)
        #expect(report.measurement.failures.total == 0)
        #expect(served.count == 40 + Int(report.measurement.answers))
        #expect(report.elapsed == .milliseconds(500))
        #expect(!report.isInterrupted)
        #expect(report.exitStatus == 0)
    }

    @Test("in a closed loop never stops asking")
    func closed() throws {
        let report = try loaded(quickSettings { $0.rate = nil })
        #expect(report.measurement.answers > 100)
        #expect(report.measurement.failures.total == 0)
        #expect(report.perSecond(report.measurement.inTime) > 200)
        #expect(report.measurement.bytes > report.measurement.answers * 50)
    }

    @Test("of scrapers is one request per scraper and interval")
    func scrapers() throws {
        let served = Tally()
        let moments = Mutex<[Int64]>([])
        let report = try loaded(
            quickSettings {
                $0.scrapers = 10
                $0.interval = .milliseconds(100)
                $0.duration = .seconds(1)
            }
        ) { _, responder in
            served.add()
            moments.withLock { $0.append(MonotonicInstant.now.nanoseconds / 10_000_000 % 10) }
            return try await responder.send(.text("up 1\n"))
        }
        #expect((80...110).contains(report.measurement.answers))
        #expect(served.count == Int(report.measurement.answers))
        // Spread over the interval: ten scrapers in fewer than three of its tenths would be a rare accident.
        #expect(Set(moments.withLock { $0 }).count >= 3)
    }

    /// The whole point of an open loop. One connection, so that the closed loop meets the stall with one request only.
    @Test("shows a stall of 200 ms in p99.9 in an open loop, and hides it in a closed one")
    func coordinatedOmission() throws {
        func measure(_ change: (inout LoadSettings) -> Void) throws -> LatencyHistogram {
            let begun = Mutex<MonotonicInstant?>(nil)
            let stalled = Tally()
            let settings = quickSettings {
                $0.connections = 1
                $0.duration = .seconds(3)
                change(&$0)
            }
            return try loaded(settings) { _, responder in
                let first = begun.withLock { begun in
                    begun = begun ?? .now
                    return begun ?? .now
                }
                // The loop itself stands still, as it would for a server that does too much at once.
                if first.duration(to: .now) > .seconds(1), stalled.add() == 0 { usleep(200_000) }
                return try await responder.send(.text("up 1\n"))
            }.measurement.latency
        }
        let open = try measure { $0.rate = .perSecond(300) }
        let closed = try measure { $0.rate = nil }
        try #require(closed.count > 1001, "too slow a machine: \(closed.count) answers")
        #expect(closed.maximum >= 200_000_000)
        #expect((open.percentile(0.999) ?? 0) >= 180_000_000)
        #expect((closed.percentile(0.999) ?? 0) < 150_000_000)
        // Half of what was due while it stood waited for at least half of the time.
        #expect(open.count - open.count(below: 100_000_000) >= 20)
    }

    @Test("of a server that cannot keep up says how many requests were never sent, and is no success")
    func saturated() throws {
        let settings = quickSettings {
            $0.connections = 1
            $0.toleratedErrors = 0
        }
        let report = try loaded(settings) { _, responder in
            usleep(50_000)
            return try await responder.send(.text("up 1\n"))
        }
        #expect(report.measurement.unsent >= 75)
        #expect(report.measurement.answers + report.measurement.unsent == 100)
        #expect(report.measurement.latency.maximum > 300_000_000)
        #expect(report.exitStatus == 1)
    }

    @Test("without keep-alive has a connection per request")
    func withoutKeepAlive() throws {
        let closing = Tally()
        let report = try loaded(quickSettings { $0.keepAlive = false }) { request, responder in
            if request.fields["Connection"] == "close" { closing.add() }
            return try await responder.send(.text("up 1\n"))
        }
        #expect(report.measurement.answers >= 90)
        #expect(report.measurement.failures.total == 0)
        #expect(closing.count == Int(report.measurement.answers))
    }

    @Test("looks into gzip")
    func gzip() throws {
        let body = try #require(Gzip.compress(Array("up 1\n".utf8)))
        var fields = HeaderFields()
        try fields.append("Content-Encoding", "gzip")
        let response = Response(fields: fields, body: body)
        let report = try loaded(quickSettings { $0.validation = .parse }) { request, responder in
            try await responder.send(request.fields["Accept-Encoding"] == "gzip" ? response : .text("no\n"))
        }
        #expect(report.measurement.failures.total == 0)
        #expect(report.measurement.answers >= 90)
    }

    @Test("tells of its progress")
    func progress() throws {
        let lines = Mutex<[String]>([])
        _ = try loaded(
            quickSettings { $0.duration = .milliseconds(800) },
            progress: { line in lines.withLock { $0.append(line) } }
        )
        let shown = lines.withLock { $0 }
        #expect(shown.count >= 2)
        #expect(shown.dropLast().allSatisfy { $0.hasPrefix("\r\u{1B}[K") && $0.contains("[#") }, "\(shown)")
        // Without line breaks of the terminal's own, which are on again behind it.
        #expect(shown.dropLast().allSatisfy { $0.contains("\u{1B}[?7l[") && $0.hasSuffix(" 0 errors\u{1B}[?7h") })
        #expect(shown.last == ProgressLine.erase)
    }

    @Test(
        "counts what went wrong by its kind",
        arguments: [
            (.resets, .reset), (.saysAndCloses(""), .closed), (.says("SSH\r\n"), .malformed), (.hangs, .timeout),
            (.says("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nno\n"), .status),
            (.saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nup 1\n"), .length),
            (.says("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nup 1"), .body),
        ] as [(Fault, LoadFailure.Kind)]
    )
    func faults(fault: Fault, kind: LoadFailure.Kind) throws {
        let settings = quickSettings { if kind == .timeout { $0.timeout = .milliseconds(100) } }
        let (report, _) = try loaded(settings, fault)
        let failures = report.measurement.failures
        #expect(failures[kind] > 0)
        #expect(failures.total == failures[kind])
        #expect(report.measurement.answers == 0)
        #expect(failures.total + report.measurement.unsent == 100)
        #expect(report.exitStatus == 1)
    }

    @Test("keeps connections, also after a bad status, or opens one per request", arguments: [false, true])
    func connections(keepAlive: Bool) throws {
        for (status, isGood) in [("200 OK", true), ("503 Service Unavailable", false)] {
            let answer = "HTTP/1.1 \(status)\r\nContent-Length: 5\r\n\r\nup 1\n"
            let (report, connections) = try loaded(quickSettings { $0.keepAlive = keepAlive }, .says(answer))
            let (answers, failures) = (report.measurement.answers, report.measurement.failures.total)
            #expect((isGood ? failures : answers) == 0)
            #expect(answers + failures >= 90)
            if keepAlive { #expect(connections <= 4) } else { #expect(connections == answers + failures) }
        }
    }

    /// Otherwise an answer that comes late would be taken for that to the next request.
    @Test(
        "goes on with a new connection after an answer that is not over",
        arguments: [.hangs, .says("SSH\r\n"), .says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nup 1\n")] as [Fault]
    )
    func unfinished(fault: Fault) throws {
        let (report, connections) = try loaded(quickSettings { $0.timeout = .milliseconds(50) }, fault)
        #expect(report.measurement.failures.total > 4)
        #expect(connections == report.measurement.failures.total)
    }

    @Test("of nobody is refused, without spinning")
    func refused() throws {
        let report = try withEventLoops { group in
            // A port of the loopback that was free a moment ago.
            let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: group.loops) {
                _,
                responder in
                try await responder.send(.text(""))
            }
            server.shutdown()
            try await server.run()
            let plan = LoadPlan(
                [try ClientURL("http://127.0.0.1:\(server.port ?? 0)/")],
                quickSettings { $0.rate = nil }
            )
            return try await LoadRun(plan).run(on: group.loops)
        }
        let refused = report.measurement.failures[.connect]
        #expect((1...250).contains(refused))
        #expect(report.measurement.failures.total == refused)
        #expect(report.measurement.failures.example(of: .connect)?.contains("refused") == true)
    }

    @Test("of slow readers is thrown out by a server that does not wait for ever")
    func slowReaders() throws {
        let large = [UInt8](repeating: 0x0A, count: 4 << 20)
        var limits = ServerLimits()
        limits.writeTimeout = .milliseconds(300)
        let settings = quickSettings {
            $0.slowReaders = 3
            $0.rate = .perSecond(5)
            $0.duration = .seconds(2)
            $0.timeout = .seconds(1)
        }
        let report = try loaded(settings, limits: limits) { _, responder in
            try await responder.send(Response(body: large))
        }
        #expect(report.measurement.slowReadersClosed >= 3)
    }

    @Test("that has been stopped opens no connection any more")
    func stopped() throws {
        let connections = try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: group.loops
            ) { _, responder in try await responder.send(.text("up 1\n")) }
            let plan = LoadPlan(
                [try ClientURL("http://127.0.0.1:\(server.port ?? 0)/")],
                quickSettings { $0.duration = .seconds(9) }
            )
            let window = RunWindow(from: .now, warmup: .seconds(9), duration: .seconds(9))
            let target = try LoadTarget(plan.urls[0], plan, LoadInputs(), ClientTLS())
            let dealing = Dealing(plan.connections, workers: 1)
            let worker = LoadWorker(plan, [target], window, dealing, number: 0, on: group.first)
            await worker.stop()
            #expect(try await worker.run() == [Measurement()])
            let connection = LoadConnection(target, judge: BodyJudge(.length), on: group.first)
            connection.stop()
            await #expect(throws: LoadFailure.self) { try await connection.exchange(until: .distantFuture) }
            server.shutdown()
            try await server.run()
            return server.statistics.connectionsTotal
        }
        #expect(connections == 0)
    }

    @Test("of a name that nobody knows does not begin")
    func unknownName() throws {
        #expect(throws: LoadTarget.Unreachable.self) {
            try LoadRun(LoadPlan([try ClientURL("http://nobody.invalid/")], LoadSettings()))
        }
    }

    @Test("goes by a unix socket")
    func unixSocket() throws {
        let path = "/tmp/loadtest-\(getpid()).sock"
        let settings = quickSettings { $0.unixPath = path }
        let report = try loaded(settings, at: .unix(path: path), url: "http://exporter:9/") { request, responder in
            try await responder.send(.text(request.fields["Host"] == "exporter:9" ? "up 1\n" : ""))
        }
        #expect(report.measurement.answers >= 90)
        #expect(report.measurement.failures.total == 0)
    }
}
