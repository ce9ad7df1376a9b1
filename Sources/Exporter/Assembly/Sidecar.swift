import AsyncHTTP
import Cache
import Flags
import Hosting
import Service
import TelemetryServer

/// The main job: polls on the first loop, serves on the others. Here everything is put together.
///
/// A class, because its configuration is large: each copy of it would be code.
final class Sidecar: Sendable {
    /// An older sidecar had it.
    private static let ignoredVariable = "MAX_RETRY_ATTEMPTS"

    let configuration: Configuration
    private let settings: [Invocation<Configuration>.Setting]
    private let notifier: ServiceNotifier
    let logger: Logger

    static func run(_ invocation: Invocation<Configuration>, isDemo: Bool = false) -> Int32 {
        let configuration = invocation.configuration
        let logger = Logger(configuration.log)
        if invocation.environment[ignoredVariable] != nil {
            logger.info("variable without effect: polling never gives up", ("variable", LogValue(ignoredVariable)))
        }
        warn(of: invocation, logger)
        return logger.running(loops: 1 + configuration.web.threads) { group in
            let simulation =
                isDemo
                ? try SimulatedAgent(
                    configuration.simulation,
                    defaultAddress: .host("127.0.0.1", port: 0),
                    logger: logger,
                    on: group.first
                ) : nil
            try await Sidecar(invocation, logger: logger, agent: simulation).run(on: group, simulation: simulation)
        }
    }

    /// What has been configured, and probably is not what was meant.
    private static func warn(of invocation: Invocation<Configuration>, _ logger: Logger) {
        logger.warn(ofVariablesIn: invocation, ExporterProgram.table, besides: [ignoredVariable])
        let source = invocation.configuration.source
        if source.backoffInitial > source.backoffMax {
            logger.warn(
                "--agent.backoff-initial is above --agent.backoff-max, which is the wait after every failure",
                ("initial_seconds", LogValue(source.backoffInitial)),
                ("max_seconds", LogValue(source.backoffMax))
            )
        }
    }

    /// - Parameter agent: that of a demo.
    private init(_ invocation: Invocation<Configuration>, logger: Logger, agent: SimulatedAgent?) {
        var configuration = invocation.configuration
        // Its variable may be there for another run; a demo is to need nothing else.
        if let agent, invocation.source(of: "agent.url") != "--agent.url" {
            configuration.source.endpoint = agent.endpoint
            configuration.source.target = SimulatedAgent.path
            configuration.source.isSecure = false
        }
        self.configuration = configuration
        settings = invocation.settings
        notifier = ServiceNotifier(address: invocation.environment["NOTIFY_SOCKET"])
        self.logger = logger
    }

    /// Runs until a signal ends it.
    private func run(on group: EventLoopGroup, simulation: SimulatedAgent?) async throws {
        let holder = ServerHolder()
        let (pulse, history) = (Pulse(), History(pollInterval: configuration.source.pollInterval))
        let reported = HubReportAccount()
        let catalogue = try FamilyCatalogue(
            configuration,
            holder,
            reports: reported.statistics,
            linesDropped: { [logger] in logger.linesDropped }
        )
        let publisher = try MomentPublisher(
            catalogue,
            first: Verdict(PollState(), configuration.rules, at: .now),
            configuration.rules,
            on: group.first
        )
        let health = AgentHealth(configuration: configuration.health, pulse: pulse) { publisher.verdict }
        try holder.lock(
            by: configuration.web.configurationFile,
            realm: "agent-exporter",
            health: health.routes,
            logger
        )
        // The first families were made before there were locks.
        if holder.locks != nil { publisher.publish(publisher.verdict, at: .now) }
        let endpoints = try endpoints(publisher, catalogue, health, history, holder, on: group.first)
        let server = try holder.serve(
            endpoints,
            configuration.web,
            on: Array(group.loops.dropFirst()),
            logger
        )
        defer { holder.letGo() }
        let keeper = VerdictKeeper(
            configuration.rules,
            metrics: catalogue.metrics,
            publisher: publisher,
            history: history,
            pulse: pulse,
            logger: logger,
            clock: group.first.clock,
            on: group.first
        )
        let poller = SourcePoller(
            AgentSource(configuration.source, on: group.first) { [logger] in logger.log(renewal: $0) },
            schedule: configuration.source.schedule,
            clock: group.first.clock,
            wallClock: { WallClock.sinceEpoch },
            on: group.first,
            polled: { state in keeper.assumeIsolated { $0.polled(state) } }
        )
        let drain = AgentDrain(
            configuration.drain,
            verdict: { publisher.verdict },
            poll: { await poller.pollNow(within: $0) },
            logger: logger,
            clock: group.first.clock
        )
        let steps = Lifecycle.Steps(
            ends: { pulse.isDraining = true },
            drain: { await drain.wait(while: $0) },
            shutdown: { server.shutdown(gracefully: $0) },
            reload: holder.reload?.action
        )
        let lifecycle = Lifecycle(steps, notifier: notifier, logger: logger, on: group.first)
        logger.announce(
            server,
            configuration.web,
            settings,
            ("agent", LogValue(configuration.source.description))
        )
        for warning in configuration.source.warnings { logger.warn(warning) }
        let reporter = configuration.report.reporter(catalogue, publisher, logger, on: group.first)
        reported.reporter = reporter
        // Its source leads to the metrics, and those would lead back to it.
        defer { reported.reporter = nil }
        try await withThrowingTaskGroup { tasks in
            if let simulation { tasks.addTask { try await simulation.run() } }
            tasks.addTask { await poller.run() }
            tasks.addTask { await keeper.keepTime() }
            tasks.addTask { try await lifecycle.run() }
            tasks.addTask { try await server.run() }
            if let reporter { tasks.addTask { await reporter.run() } }
            notifier.ready()
            forgetStart()
            // The server ends when its last answer is sent. Nothing else ends before it, unless it fails: nobody is to be
            // served what has stopped being fresh.
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
        await reporter?.end()
        logger.info("stopped")
    }

    private func endpoints(
        _ publisher: MomentPublisher,
        _ catalogue: FamilyCatalogue,
        _ health: AgentHealth,
        _ history: History,
        _ holder: ServerHolder,
        on loop: EventLoop
    ) throws -> Endpoints {
        var subject = StatusSubject(
            configuration.source,
            configuration.rules,
            configuration.families,
            paths: [configuration.web.telemetryPath] + SidecarEndpoints.paths.filter { $0 != "/" }
        )
        subject.warnings = { [source = configuration.source] in source.warnings + holder.warnings }
        let status = { @Sendable [subject] in
            AgentStatus(publisher.moment, subject, history: history, metrics: catalogue.metrics, at: .now)
        }
        let moment = { @Sendable in PageMoment(publisher.moment) }
        return try SidecarEndpoints.make(
            configuration.web.telemetryPath,
            publisher: publisher,
            page: SharedAnswer(of: moment, on: loop) { try StatusPage.response(status()) },
            status: SharedAnswer(of: moment, on: loop) { try StatusDocument.response(status()) },
            health: health,
            actions: configuration.web.reloadsOnRequest ? [holder.reloading] : [],
            metrics: catalogue.requests
        )
    }
}
