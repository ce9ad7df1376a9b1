import Access
package import AsyncHTTP
package import Service
package import TelemetryServer

extension ServerHolder {
    /// How long responses that are under way may take once a program stops.
    private static let stopTimeout = Duration.seconds(7)

    /// Opens the sockets of a program, behind the locks that are held, and holds what serves. Whoever calls this lets go of it at the
    /// end: its handler leads to the metrics, and those would lead back to it.
    ///
    /// - Parameter longestBody: of a request; nil is the server's own limit.
    package func serve(
        _ endpoints: Endpoints,
        _ web: WebConfiguration,
        on loops: [EventLoop],
        longestBody: ByteCount? = nil,
        _ logger: Logger
    ) throws -> HTTPServer {
        let failures = FailureLog("a request could not be answered", logger)
        var limits = web.limits(drainTimeout: Self.stopTimeout)
        if let longestBody { limits.body = longestBody }
        let server = try HTTPServer(
            listeningOn: web.allAddresses,
            loops: loops,
            limits: limits,
            security: locks?.security,
            middleware: locks?.middleware ?? [],
            failed: { failures.failed($0) },
            standing: endpoints.standing
        ) { request, responder in try await endpoints.handle(request, responder) }
        try locks?.prepare(server)
        self.server = server
        return server
    }
}
