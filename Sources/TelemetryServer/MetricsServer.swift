public import AsyncHTTP
public import Telemetry

/// Serves a registry to whoever scrapes it: `/metrics` in the format and encoding that is asked for, `/healthz`, `/readyz` and a
/// page with links. Everything is rendered once a second and answered from memory, so a scrape costs microseconds however many
/// series there are, and never runs any of the program's code.
public final class MetricsServer: Sendable {
    /// What is not decided by the registry.
    public struct Options: Sendable {
        /// The program, as its health endpoints and page name it.
        public var name = "this program"
        /// Where the metrics are.
        public var path = "/metrics"
        /// How often the registry is rendered: no value is older than this.
        public var interval = Duration.seconds(1)
        /// The bounds of connections and requests.
        public var limits = ServerLimits()
        /// Whether the program has what it needs: `/readyz` says so. Asked on a serving loop, so it must not wait.
        public var isReady: @Sendable () -> Bool = { true }
        /// Told of an error that has ended a server in the background. By default it is a line on standard error.
        public var failed: @Sendable (any Error) -> Void = { error in
            _ = StandardError.write(Array("the metrics server has ended: \(error)\n".utf8))
        }

        /// The defaults.
        public init() {}
    }

    /// Where it listens, as in `127.0.0.1:9100`; ports that the kernel chose are filled in.
    public var addresses: [String] { server.addresses }
    /// The port of the first address that has one.
    public var port: UInt16? { server.port }

    private let server: HTTPServer
    private let renderer: RegistryRenderer
    private let pulse: Pulse
    private let clock: EventLoopClock

    /// Opens the sockets, for a program that has loops of its own.
    ///
    /// - Parameter loops: the first also renders.
    public init(
        _ registry: Registry,
        listeningOn addresses: [ListenAddress],
        loops: [EventLoop],
        options: Options = Options()
    ) throws {
        precondition(!loops.isEmpty, "a server needs a loop")
        let renderer = try RegistryRenderer(registry, every: options.interval)
        let pulse = Pulse()
        let health = HealthRoutes(of: options.name, stuck: "the loop that renders is stuck") {
            HealthReport(pulse, isReady: options.isReady())
        }
        let links = try PageFrame.answer(Self.page(options))
        let endpoints = try Endpoints(
            options.path,
            source: renderer,
            pages: health.pages + [Page("/") { _ in links }],
            metrics: RequestMetrics(in: Registry(), prefix: "metrics_server")
        )
        server = try HTTPServer(listeningOn: addresses, loops: loops, limits: options.limits) { request, responder in
            try await endpoints.handle(request, responder)
        }
        self.renderer = renderer
        self.pulse = pulse
        clock = loops[0].clock
    }

    /// Serves until `shutdown`, or until the calling task is cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await self.renderer.run(self.clock) { self.pulse.beat() } }
            group.addTask { try await self.server.run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Begins to end `run`: requests that have been received are answered.
    public func shutdown() {
        pulse.isDraining = true
        server.shutdown()
    }

    private static func page(_ options: Options) -> String {
        PageFrame(title: options.name, condition: "up").html(
            header: "<p class=\"state\"><span class=\"dot\"></span>\(HTMLText.escape(options.name))</p>",
            main: PageFrame.links([options.path] + HealthRoutes.paths),
            footer: ""
        )
    }
}
