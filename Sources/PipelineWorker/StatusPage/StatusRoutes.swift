import AsyncHTTP
import JSON
import TelemetryServer

/// The status page, and the same facts as JSON.
enum StatusRoutes {
    static func router(_ status: @escaping @Sendable () async -> StatusDocument) -> Router {
        var router = Router()
        router.on(.get, "/") { _, responder in
            try await responder.send(try PageFrame.answer(StatusPage.html(await status())))
        }
        router.on(.get, "/status.json") { _, responder in
            try await responder.send(try PageFrame.twin((await status()).json.bytes))
        }
        return router
    }
}
