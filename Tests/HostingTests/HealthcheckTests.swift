import AsyncHTTP
import TelemetryServer
import Testing

@testable import Hosting

@Suite("healthcheck")
struct HealthcheckTests {
    /// Runs it against a server that gives one answer.
    private func check(_ status: HTTPStatus) throws -> Int32 {
        let thread = try BackgroundLoop()
        let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: [thread.loop]) { _, responder in
            try await responder.send(.text("x", status: status))
        }
        try thread.start { try? await server.run() }
        defer {
            server.shutdown()
            thread.join()
        }
        var web = WebConfiguration(port: 8000)
        web.listenAddresses = [.host("127.0.0.1", port: server.port ?? 0)]
        return Healthcheck.run(HealthcheckConfiguration(), web, port: 8000)
    }

    @Test("0 on 2xx, 1 on anything else")
    func statuses() throws {
        #expect(try check(.ok) == 0)
        #expect(try check(.noContent) == 0)
        #expect(try check(.serviceUnavailable) == 1)
        #expect(try check(.notFound) == 1)
    }

    @Test("1 where nobody listens")
    func nobody() throws {
        var configuration = HealthcheckConfiguration()
        configuration.url = try ClientURL("unix:/nowhere/at/all:/healthz")
        #expect(Healthcheck.run(configuration, WebConfiguration(port: 8000), port: 8000) == 1)
    }
}
