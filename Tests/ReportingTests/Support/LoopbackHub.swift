import AsyncHTTP
import JSON
import Synchronization

/// A hub on a thread and a socket of its own, which takes everything.
final class LoopbackHub: Sendable {
    private let thread: BackgroundLoop
    private let server: HTTPServer
    private let all: Reports

    private final class Reports: Sendable {
        let list = Mutex<[SentReport]>([])
    }

    init() throws {
        let (thread, all) = (try BackgroundLoop(), Reports())
        (self.thread, self.all) = (thread, all)
        let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: [thread.loop]) {
            request,
            responder in
            guard request.method == .post, request.target.path == "/api/metrics/report" else {
                return try await responder.send(.text("no such thing", status: .notFound))
            }
            let report = SentReport(try await request.body.collect())
            all.list.withLock { $0.append(report) }
            return try await responder.send(.text(#"{"status":"ok","rejected":[]}"#))
        }
        self.server = server
        try thread.start { try? await server.run() }
    }

    var port: UInt16 { server.port ?? 0 }
    var reports: [SentReport] { all.list.withLock { $0 } }

    func stop() {
        server.shutdown(gracefully: false)
        thread.join()
    }
}
