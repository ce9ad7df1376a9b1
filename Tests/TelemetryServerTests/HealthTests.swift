import AsyncHTTP
import JSON
import Telemetry
import Testing

@testable import TelemetryServer

@Suite("Health")
struct HealthTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    @Test("a loop that has not been seen for fifteen seconds does not run")
    func silence() {
        let pulse = Pulse(at: start)
        #expect(pulse.isBeating(at: start.advanced(by: .milliseconds(14_999))))
        #expect(!pulse.isBeating(at: start.advanced(by: .seconds(15))))
        pulse.beat(at: start.advanced(by: .seconds(15)))
        #expect(pulse.isBeating(at: start.advanced(by: .seconds(29))))
    }

    @Test("the JSON says how it is, and what the program adds")
    func json() {
        let pulse = Pulse(at: start)
        func text(_ isReady: Bool, after seconds: Int = 0) -> String {
            let details = [JSONValue.Member("queue", 3)]
            return HealthReport(pulse, isReady: isReady, details: details, at: start.advanced(by: .seconds(seconds)))
                .json.text
        }
        #expect(text(true) == #"{"status":"ok","ready":true,"queue":3}"#)
        #expect(text(false) == #"{"status":"ok","ready":false,"queue":3}"#)
        #expect(text(true, after: 20) == #"{"status":"stalled","ready":true,"queue":3}"#)
        pulse.isDraining = true
        #expect(text(true) == #"{"status":"draining","ready":false,"queue":3}"#)
    }

    @Test("a stalled program is not alive, and says so on every path that asks")
    func stalled() throws {
        let pulse = Pulse(at: start)
        let stalled = start.advanced(by: .seconds(20))
        let routes = HealthRoutes(of: "p", stuck: "p is stuck") { HealthReport(pulse, isReady: true, at: stalled) }
        #expect(routes.endpoints.map(\.path) == HealthRoutes.paths)
        let router = routes.endpoints.reduce(into: Router()) { router, page in
            router.on(.get, page.path) { request, responder in try await responder.send(try await page.answer(request))
            }
        }
        let thread = try BackgroundLoop()
        let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: [thread.loop]) {
            try await router.handle($0, $1)
        }
        try thread.start { try? await server.run() }
        let found = try HealthRoutes.paths.map { try Served.get($0, port: server.port).status }
        #expect(found == [503, 200, 503, 200])
        #expect(try Served.get("/-/healthy", port: server.port).text == "p is stuck\n")
        server.shutdown()
        thread.join()
    }
}
