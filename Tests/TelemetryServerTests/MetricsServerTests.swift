import AsyncHTTP
import Glibc
import Synchronization
import Telemetry
import Testing

@testable import TelemetryServer

@Suite("A registry, served")
struct MetricsServerTests {
    private func serving(
        _ options: MetricsServer.Options = MetricsServer.Options(),
        _ body: (Counter, UInt16?) throws -> Void
    ) throws {
        let registry = Registry()
        let counter = try registry.counter("jobs_total", help: "Jobs done.")
        counter.increment()
        let background = try MetricsServer.start(registry, on: "127.0.0.1:0", options: options)
        defer { background.stop() }
        try body(counter, background.server.port)
    }

    @Test("in the format and encoding that is asked for")
    func representations() throws {
        try serving { _, port in
            let text = try Served.get("/metrics", port: port)
            #expect(text.status == 200)
            #expect(text.fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(text.fields["Vary"] == "Accept, Accept-Encoding")
            #expect(text.text == "# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 1\n")
            let open = try Served.get("/metrics", port: port, ["Accept": "application/openmetrics-text;version=1.0.0"])
            #expect(open.text.hasSuffix("jobs_total 1.0\n# EOF\n"))
            let gzip = try Served.get("/metrics", port: port, ["Accept-Encoding": "gzip"])
            #expect(gzip.fields["Content-Encoding"] == "gzip")
            #expect(gzip.body.starts(with: [0x1F, 0x8B]))
        }
    }

    @Test("what has changed is seen within the interval, and rendered once for everybody")
    func renewed() throws {
        var options = MetricsServer.Options()
        options.interval = .milliseconds(20)
        try serving(options) { counter, port in
            counter.increment(by: 41)
            let end = MonotonicInstant.now.advanced(by: .seconds(10))
            while try !Served.get("/metrics", port: port).text.contains("jobs_total 42\n") { try #require(.now < end) }
        }
        options.interval = .seconds(3600)
        try serving(options) { counter, port in
            let before = try Served.get("/metrics", port: port).body
            counter.increment()
            #expect(try Served.get("/metrics", port: port).body == before)
        }
    }

    @Test("health, readiness and a page, under the program's name")
    func health() throws {
        let isReady = Flag()
        var options = MetricsServer.Options()
        options.name = "worker <1>"
        options.path = "/m"
        options.isReady = { isReady.value.load(ordering: .relaxed) }
        try serving(options) { _, port in
            #expect(try Served.get("/healthz", port: port).text == "{\"status\":\"ok\",\"ready\":false}\n")
            #expect(try Served.get("/readyz", port: port).status == 503)
            #expect(try Served.get("/-/ready", port: port).text == "worker <1> is not ready\n")
            isReady.value.store(true, ordering: .relaxed)
            #expect(try Served.get("/readyz", port: port).status == 200)
            #expect(try Served.get("/-/healthy", port: port).text == "worker <1> is healthy\n")
            let page = try Served.get("/", port: port)
            #expect(page.text.contains("worker &lt;1&gt;") && page.text.contains("href=\"/m\""))
            #expect(try Served.get("/metrics", port: port).status == 404)
        }
    }

    private final class Flag: Sendable {
        let value = Atomic<Bool>(false)
    }

    @Test("it stops when it is told, and its port is free again")
    func stops() throws {
        let background = try MetricsServer.start(Registry(), on: "127.0.0.1:0")
        let address = try #require(background.server.addresses.first)
        #expect(address == "127.0.0.1:\(background.server.port ?? 0)")
        background.stop()
        background.stop()
        let again = try MetricsServer.start(Registry(), on: address)
        #expect(try Served.get("/metrics", port: again.server.port).status == 200)
        again.stop()
    }

    /// Holds whoever collects for as long as it is closed.
    private final class Gate: Sendable {
        let isClosed = Atomic<Bool>(false)

        func pass() -> Double {
            while isClosed.load(ordering: .relaxed) { usleep(1000) }
            return 1
        }
    }

    @Test("a collector that hangs holds up neither scrapes nor health, nor the end")
    func hangingCollector() throws {
        let gate = Gate()
        let registry = Registry()
        try registry.gauge("x", help: "") { gate.pass() }
        var options = MetricsServer.Options()
        options.interval = .milliseconds(10)
        let background = try MetricsServer.start(registry, on: "127.0.0.1:0", options: options)
        gate.isClosed.store(true, ordering: .relaxed)
        usleep(50_000)
        let began = MonotonicInstant.now
        for _ in 0..<10 {
            #expect(try Served.get("/metrics", port: background.server.port).text.contains("\nx 1\n"))
            #expect(try Served.get("/healthz", port: background.server.port).status == 200)
        }
        background.stop()
        #expect(began.duration(to: .now) < .seconds(5))
        gate.isClosed.store(false, ordering: .relaxed)
    }

    @Test(
        "a path that nobody could ask for, or that is taken, is an error where it is started",
        arguments: ["", "metrics", "/", "/healthz", "/a b", "/a?b", "/../x"]
    )
    func paths(path: String) {
        var options = MetricsServer.Options()
        options.path = path
        #expect(throws: MetricsServer.InvalidOptions.self) {
            try MetricsServer.start(Registry(), on: "127.0.0.1:0", options: options)
        }
    }

    @Test("it is run once")
    func once() throws {
        try withEventLoops { group in
            let server = try MetricsServer(
                Registry(),
                listeningOn: [.host("127.0.0.1", port: 0)],
                rendering: group.first,
                serving: [group.first]
            )
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                await Task.yield()
                await #expect(throws: ListenError.self) { try await server.run() }
                server.shutdown()
                try await tasks.waitForAll()
            }
        }
    }

    @Test("what cannot be listened on is an error where it is started")
    func cannotListen() throws {
        #expect(throws: ListenAddressError.self) { try MetricsServer.start(Registry(), on: "nonsense") }
        #expect(throws: ListenError.self) { try MetricsServer.start(Registry(), on: "unix:/nowhere/at/all") }
    }
}
