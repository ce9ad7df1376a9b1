import AsyncHTTP
import JSON
import TelemetryServer

/// The port on which the status page is, and the same facts as JSON.
enum StatusServer {
    static func make(
        on addresses: [ListenAddress],
        loops: [EventLoop],
        status: @escaping @Sendable () async -> StatusDocument
    ) throws -> HTTPServer {
        var router = Router()
        router.on(.get, "/") { _, responder in
            try await responder.send(try PageFrame.answer(StatusPage.html(await status())))
        }
        router.on(.get, "/status.json") { _, responder in
            try await responder.send(try PageFrame.twin((await status()).json.bytes))
        }
        return try HTTPServer(listeningOn: addresses, loops: loops, handler: router.handle)
    }
}
