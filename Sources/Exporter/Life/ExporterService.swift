import AsyncHTTP
import Cache
import Flags
import Service
import Synchronization

/// The main job: polls on the first loop, serves on the others.
struct ExporterService: Sendable {
    private let configuration: Configuration
    private let settings: [Invocation.Setting]
    private let notifier: ServiceNotifier
    private let logger: Logger

    init(_ invocation: Invocation, environment: [String: String], logger: Logger) {
        configuration = invocation.configuration
        settings = invocation.settings
        notifier = ServiceNotifier(address: environment["NOTIFY_SOCKET"])
        self.logger = logger
    }

    /// Runs until a signal ends it.
    /// - Parameter simulation: the agent of a demo.
    func run(on group: EventLoopGroup, simulation: SimulatedAgent? = nil) async throws {
        var configuration = configuration
        // Its variable may be there for another run; a demo is to need nothing else.
        if let simulation, !settings.contains(where: { $0.source == "--agent.url" }) {
            configuration.agent.endpoint = simulation.endpoint
            configuration.agent.target = SimulatedAgent.path
        }
        let status = ExporterStatus()
        let history = History(pollInterval: configuration.agent.pollInterval)
        let holder = ServerHolder()
        let publisher = try MetricsPublisher(
            configuration,
            polls: { status.polls.read() },
            statistics: holder.statistics
        )
        let page = StatusPage(
            configuration: configuration,
            status: status,
            history: history,
            metrics: publisher.metrics
        )
        let endpoints = try Endpoints(configuration, publisher: publisher, status: status, page: page)
        let server = try HTTPServer(
            listeningOn: configuration.web.allAddresses,
            loops: Array(group.loops.dropFirst()),
            limits: ServerLimits(configuration.web)
        ) { request, responder in try await endpoints.handle(request, responder) }
        holder.server = server
        // Its handler leads to the metrics, and those would lead back to it.
        defer { holder.server = nil }
        let poller = AgentPoller(
            configuration.agent,
            publisher: publisher,
            status: status,
            history: history,
            logger: logger,
            on: group.first
        )
        let lifecycle = Lifecycle(
            configuration,
            server: server,
            poller: poller,
            status: status,
            notifier: notifier,
            logger: logger,
            on: group.first
        )
        announce(configuration, server)
        try await withThrowingTaskGroup { tasks in
            if let simulation { tasks.addTask { try await simulation.run() } }
            tasks.addTask { await poller.run() }
            tasks.addTask { try await lifecycle.run() }
            tasks.addTask { try await server.run() }
            notifier.ready()
            // The server ends when its last answer is sent. Nothing else ends before it, unless it fails: nobody is to be
            // served what has stopped being fresh.
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
        logger.info("stopped")
    }

    private func announce(_ configuration: Configuration, _ server: HTTPServer) {
        logger.info(
            "starting",
            ("version", LogValue(BuildInfo.version)),
            ("revision", LogValue(BuildInfo.revision)),
            ("agent", LogValue(configuration.agent.description)),
            ("listening", LogValue(server.addresses.joined(separator: " "))),
            ("telemetry_path", LogValue(configuration.web.telemetryPath)),
            ("page", LogValue(server.port.map { "http://localhost:\($0)/" } ?? "none"))
        )
        if server.connectionLimit < configuration.web.maxConnections {
            logger.warn(
                "the limit of open files allows fewer connections",
                ("connections", LogValue(server.connectionLimit)),
                ("wanted", LogValue(configuration.web.maxConnections))
            )
        }
        for setting in settings {
            logger.info(
                "configured",
                ("flag", LogValue("--\(setting.flag)")),
                ("value", LogValue(setting.values.joined(separator: " "))),
                ("source", LogValue(setting.source))
            )
        }
    }
}

/// The server, for those who have to exist before it does.
private final class ServerHolder: Sendable {
    private let stored = Mutex<HTTPServer?>(nil)

    var server: HTTPServer? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    @Sendable func statistics() -> ServerStatistics? { server?.statistics }
}

extension ServerLimits {
    init(_ web: WebConfiguration) {
        self.init()
        connections = web.maxConnections
        headerTimeout = web.headerTimeout
        idleTimeout = web.idleTimeout
        writeTimeout = web.writeTimeout
        drainTimeout = Lifecycle.stopTimeout
    }
}
