import Access
package import AsyncHTTP
package import Service
package import Telemetry
package import TelemetryServer

extension ServerHolder {
    /// How long responses that are under way may take once a program stops.
    private static let stopTimeout = Duration.seconds(7)

    /// Opens the sockets of a program, behind the locks that are held, and holds what serves. Whoever calls this lets go of it at the
    /// end.
    ///
    /// - Parameter longestBody: of a request; nil is the server's own limit.
    package func serve(
        _ endpoints: Endpoints,
        _ web: WebConfiguration,
        on loops: [EventLoop],
        longestBody: ByteCount? = nil,
        _ logger: Logger
    ) throws -> HTTPServer {
        var limits = Self.limits(web)
        if let longestBody { limits.body = longestBody }
        let server = try open(web.allAddresses, limits, on: loops, logger, standing: endpoints.standing) {
            request,
            responder in
            try await endpoints.handle(request, responder)
        }
        hold(server)
        return server
    }

    /// Opens another port of the program, with the same limits and behind the same locks, and holds what serves there.
    package func serveBeside(
        on addresses: [ListenAddress],
        _ web: WebConfiguration,
        loops: [EventLoop],
        _ logger: Logger,
        _ handler: @escaping RequestHandler
    ) throws -> HTTPServer {
        let server = try open(addresses, Self.limits(web), on: loops, logger, standing: nil, handler)
        hold(another: server)
        return server
    }

    /// Serves a registry on another port of the program, with the same limits and behind the same locks, and holds what serves there.
    package func serveBeside(
        _ registry: Registry,
        on addresses: [ListenAddress],
        _ web: WebConfiguration,
        rendering: EventLoop,
        serving: [EventLoop],
        _ options: MetricsServer.Options,
        _ logger: Logger
    ) throws -> MetricsServer {
        var options = options
        options.limits = Self.limits(web)
        (options.security, options.middleware) = (locks?.security, locks?.middleware ?? [])
        options.requestFailed = Self.failed(logger)
        let metrics = try MetricsServer(
            registry,
            listeningOn: addresses,
            rendering: rendering,
            serving: serving,
            options: options
        )
        try locks?.prepare(metrics.server)
        hold(another: metrics.server)
        return metrics
    }

    private static func limits(_ web: WebConfiguration) -> ServerLimits {
        web.limits(drainTimeout: stopTimeout)
    }

    private static func failed(_ logger: Logger) -> @Sendable (any Error) -> Void {
        let failures = FailureLog("a request could not be answered", logger)
        return { failures.failed($0) }
    }

    private func open(
        _ addresses: [ListenAddress],
        _ limits: ServerLimits,
        on loops: [EventLoop],
        _ logger: Logger,
        standing: StandingAnswers?,
        _ handler: @escaping RequestHandler
    ) throws -> HTTPServer {
        let server = try HTTPServer(
            listeningOn: addresses,
            loops: loops,
            limits: limits,
            security: locks?.security,
            middleware: locks?.middleware ?? [],
            failed: Self.failed(logger),
            standing: standing,
            handler: handler
        )
        try locks?.prepare(server)
        return server
    }
}
