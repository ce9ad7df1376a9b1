public import AsyncHTTP
import Flags
public import Telemetry

/// Serves a registry to whoever scrapes it: `/metrics` in the format and encoding that is asked for, `/healthz`, `/readyz` and a
/// page with links. One loop renders, others serve: a scrape is answered from memory in microseconds, however many series there
/// are and however long the program's own collectors take.
public final class MetricsServer: Sendable {
    /// What is not decided by the registry.
    public struct Options: Sendable {
        /// The program, as its health endpoints and page name it.
        public var name = "this program"
        /// Where the metrics are.
        public var path = "/metrics"
        /// How often the registry is rendered, at most every 10 ms. A value on `/metrics` is at most this old, and as much
        /// older as the program's collectors take.
        public var interval = Duration.seconds(1)
        /// Whether a scrape renders, too, so that it sees what has just been counted: where that takes less than 5 ms of a
        /// processor, and no more than a twentieth of one for all scrapes. Collectors then run on serving loops as well: none may
        /// wait for anything.
        public var rendersOnScrape = false
        /// The bounds of connections and requests.
        public var limits = ServerLimits()
        /// Whether the program has what it needs: `/readyz` says so. Asked on a serving loop, so it must not wait.
        public var isReady: @Sendable () -> Bool = { true }
        /// What its connections are encrypted with.
        package var security: StreamSecurity?
        /// Who is asked before anything is answered.
        package var middleware: [any Middleware] = []
        /// Told why a request could not be answered.
        package var requestFailed: (@Sendable (any Error) -> Void)?
        /// Told of an error that has ended a server in the background. By default it is a line on standard error.
        public var failed: @Sendable (any Error) -> Void = { error in
            _ = StandardError.write(Array("the metrics server has ended: \(error)\n".utf8))
        }

        /// The defaults.
        public init() {}
    }

    /// The options are wrong.
    public struct InvalidOptions: Error, CustomStringConvertible {
        /// Which of them, and what would be accepted.
        public let description: String
    }

    /// Where it listens, as in `127.0.0.1:9100`; ports that the kernel chose are filled in.
    public var addresses: [String] { server.addresses }
    /// The port of the first address that has one.
    public var port: UInt16? { server.port }

    package let server: HTTPServer
    private let renderer: RegistryRenderer
    private let rendering: EventLoop
    private let pulse: Pulse

    /// Renders for the first time and opens the sockets, for a program that has loops of its own.
    ///
    /// - Parameters:
    ///   - rendering: where the registry is rendered, and its collectors run.
    ///   - serving: where requests are answered. One that is the same as `rendering` waits for the collectors.
    public init(
        _ registry: Registry,
        listeningOn addresses: [ListenAddress],
        rendering: EventLoop,
        serving: [EventLoop],
        options: Options = Options()
    ) throws {
        let path = try Self.checked(options.path)
        let renderer = try RegistryRenderer(
            registry,
            every: options.interval,
            rendersOnScrape: options.rendersOnScrape
        )
        let pulse = Pulse()
        let health = HealthRoutes(of: options.name, stuck: "the loop that renders is stuck") {
            HealthReport(pulse, isReady: options.isReady())
        }
        let links = try PageFrame.answer(Self.page(options))
        let endpoints = try Endpoints(
            path,
            source: renderer,
            endpoints: health.endpoints + [Endpoint("/") { _ in links }],
            metrics: nil
        )
        server = try HTTPServer(
            listeningOn: addresses,
            loops: serving,
            limits: options.limits,
            security: options.security,
            middleware: options.middleware,
            failed: options.requestFailed ?? { _ in },
            standing: endpoints.standing
        ) { request, responder in try await endpoints.handle(request, responder) }
        self.renderer = renderer
        self.rendering = rendering
        self.pulse = pulse
    }

    private static func checked(_ path: String) throws -> String {
        do throws(ValueProblem) {
            return try TelemetryPath.checked(path, besides: ["/"] + HealthRoutes.paths)
        } catch {
            throw InvalidOptions(description: "path \(path.quotedForMessage): \(error.expected)")
        }
    }

    /// Serves until `shutdown`, or until the calling task is cancelled. To be called once.
    public func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask(executorPreference: rendering.taskExecutor) { await self.render() }
            group.addTask { try await self.serve() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The half of `run` that keeps the metrics fresh, until the task is cancelled or the server shut down.
    func render() async {
        await renderer.run(rendering.clock, while: { !self.pulse.isDraining }, beat: { self.pulse.beat() })
    }

    /// The half of `run` that answers.
    func serve() async throws {
        try await server.run()
    }

    /// Begins to end `run`: requests that have been received are answered.
    public func shutdown() {
        pulse.isDraining = true
        server.shutdown()
    }

    private static func page(_ options: Options) -> String {
        PageFrame(title: options.name, condition: "good").html(
            header: "<h1 class=\"state\">\(HTMLText.escape(options.name))</h1>",
            main: PageFrame.links([options.path] + HealthRoutes.paths),
            footer: ""
        )
    }
}
