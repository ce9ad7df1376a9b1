import AsyncHTTP
import Flags
import Hosting
import JSON
import Reporting
import Service
import Telemetry
import TelemetryServer

/// The main job: renders on the first loop, takes reports and serves on the others; the log has threads of its own. Here
/// everything is put together.
struct Hub: Sendable {
    private static let realm = "agent-hub"
    /// Those of its predecessor that are for its workers.
    static let othersVariables = [
        "NOETL_SERVER_URL", "NOETL_WORKER_METRICS_INTERVAL", "NOETL_WORKER_HEARTBEAT_INTERVAL",
        "NOETL_WORKER_POOL_NAME",
        "NOETL_WORKER_ID",
    ]

    private let configuration: HubConfiguration
    private let settings: [Invocation<HubConfiguration>.Setting]
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let store: any Store
    private let history: History?
    private let metrics: HubMetrics
    private let latest: Latest
    private let registration: Registration
    private let intake: Intake
    private let limits = ReportLimits()

    static func run(_ invocation: Invocation<HubConfiguration>, isDemo: Bool = false) -> Int32 {
        let configuration = invocation.configuration
        let logger = Logger(configuration.log)
        logger.warn(ofVariablesIn: invocation, HubProgram.table, besides: othersVariables)
        let latest = Latest(limits: configuration.intake.latestLimits)
        let (store, history): (any Store, History?)
        let registered: [Component]
        do {
            store = try configuration.store.open(configuration.logLimits)
            registered = try store.registered()
            history = try History(
                configuration.history,
                of: store,
                into: latest,
                own: configuration.selfReport.component,
                ttl: configuration.intake.ttl,
                logger
            )
        } catch {
            logger.error("the store cannot be opened", ("error", LogValue("\(error)")))
            return 1
        }
        defer {
            history?.close()
            store.close()
        }
        return logger.running(loops: 1 + configuration.web.threads) { group in
            try await Hub(invocation, latest, store, history, registered, logger).run(on: group, isDemo: isDemo)
        }
    }

    private init(
        _ invocation: Invocation<HubConfiguration>,
        _ latest: Latest,
        _ store: any Store,
        _ history: History?,
        _ registered: [Component],
        _ logger: Logger
    ) throws {
        configuration = invocation.configuration
        settings = invocation.settings
        notifier = ServiceNotifier(address: invocation.environment["NOTIFY_SOCKET"])
        self.logger = logger
        self.store = store
        self.history = history
        let rules = configuration.intake
        metrics = try HubMetrics()
        self.latest = latest
        registration = Registration(isStrict: rules.isStrict, limit: rules.components)
        let refusals = FailureLog("reports are not kept", logger)
        for component in registered { registration.add(component) }
        intake = Intake(
            latest,
            store,
            registration,
            rates: ReportRates(rules.rate, limit: rules.components),
            limits: limits,
            metrics: metrics,
            failed: { refusals.failed($0) }
        )
    }

    /// Runs until a signal ends it.
    private func run(on group: EventLoopGroup, isDemo: Bool) async throws {
        let holder = ServerHolder()
        let (pulse, readiness) = (Pulse(), Readiness())
        try metrics.register(latest, store)
        try history?.register(in: metrics.registry)
        let host = try HostFamilies(
            in: metrics.registry,
            prefix: HubMetrics.prefix,
            holder,
            isLocked: configuration.web.configurationFile != nil,
            linesDropped: { [logger] in logger.linesDropped }
        )
        let health = health(pulse, readiness)
        try holder.lock(
            by: configuration.web.configurationFile,
            realm: Self.realm,
            health: health,
            logger
        )
        let publisher = try LatestPublisher(latest, beside: metrics.registry.gather, on: group.first)
        let reporter = SelfReporter(configuration.selfReport, intake, on: group.first)
        let activity = ReportActivity(metrics)
        let pages = HubPages(
            subject(reporter.component, holder),
            intake,
            activity,
            history: { [history] in history?.status },
            phase: { pulse.isDraining ? .ending : readiness.isThere ? .running : .starting },
            of: { publisher.version },
            on: group.first
        )
        let looks = health.endpoints + pages.endpoints
        let endpoints = try endpoints(publisher, reporter, looks, holder, host, on: group.first)
        let server = try holder.serve(
            endpoints,
            configuration.web,
            on: Array(group.loops.dropFirst()),
            logger
        )
        defer { holder.letGo() }
        let keeper = HubKeeper(publisher, store, history, activity, pulse, logger, on: group.first)
        let steps = Lifecycle.Steps(
            ends: { pulse.isDraining = true },
            drain: { _ in "it was asked to" },
            shutdown: { server.shutdown(gracefully: $0) },
            reload: holder.reload?.action
        )
        let lifecycle = Lifecycle(steps, notifier: notifier, logger: logger, on: group.first)
        logger.announce(
            server,
            configuration.web,
            settings,
            ("store", LogValue(configuration.store.description)),
            ("component", LogValue(configuration.selfReport.name))
        )
        if configuration.store.place == .memory {
            logger.warn("reports are kept in memory only: they are gone when the program ends")
        }
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await lifecycle.run() }
            tasks.addTask { try await server.run() }
            tasks.addTask { await keeper.keepTime() }
            tasks.addTask { await keeper.keepStore() }
            if let history { tasks.addTask { await history.run() } }
            if isDemo {
                let workers = try workers(of: server, on: group.first)
                tasks.addTask { await workers.run() }
            }
            tasks.addTask {
                // Whoever followed the log at another time is not waited for.
                if history == nil { try? await store.log?.forget(History.Follower.name) }
                // What was exported before is exported again before anything says that it is ready.
                await refill()
                await keeper.publish()
                readiness.isThere = true
                await reporter.run()
            }
            notifier.ready()
            forgetStart()
            // The server ends when its last answer is sent. Nothing else ends before it, unless it fails.
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
        logger.info("stopped")
    }

    /// They report over HTTP, as any others would.
    private func workers(of server: HTTPServer, on loop: EventLoop) throws -> SimulatedWorkers {
        var simulation = configuration.simulation
        var endpoint = Healthcheck.server(configuration.web, HubConfiguration.port)
        if case .internet(let host, _) = endpoint { endpoint = .internet(host: host, port: server.port ?? 0) }
        guard !server.isSecure else { throw UsageError("the workers of a demo report without TLS") }
        simulation.hub = HubURL(endpoint)
        let failures = FailureLog("a simulated worker's report was not taken", logger)
        return try SimulatedWorkers(simulation, on: loop, failed: { failures.failed($0) })
    }

    private func health(_ pulse: Pulse, _ readiness: Readiness) -> HealthRoutes {
        HealthRoutes(of: Self.realm, stuck: "the loop that renders is stuck") { [latest, store, history] in
            HealthReport(
                pulse,
                isReady: readiness.isThere,
                details: [
                    JSONValue.Member(
                        "store",
                        [
                            "kind": .string(store.name), "full": .boolean(store.isFull),
                            "backlog": .number(Double(store.backlog)),
                        ]
                    ),
                    JSONValue.Member("components", .number(Double(latest.componentCount))),
                ] + (history?.health ?? [])
            )
        }
    }

    private func subject(_ own: Component, _ holder: ServerHolder) -> HubSubject {
        var subject = HubSubject(
            own: own,
            store: configuration.store,
            limits: configuration.intake.latestLimits
        )
        subject.host = HostName.read()
        subject.isStrict = configuration.intake.isStrict
        subject.paths = [configuration.web.telemetryPath] + HubEndpoints.linked
        subject.warnings = { holder.warnings }
        subject.address = {
            guard let server = holder.server, let port = server.port else { return "http://localhost" }
            return "\(server.isSecure ? "https" : "http")://localhost:\(port)"
        }
        return subject
    }

    private func endpoints(
        _ publisher: LatestPublisher,
        _ reporter: SelfReporter,
        _ looks: [Endpoint],
        _ holder: ServerHolder,
        _ host: HostFamilies,
        on loop: EventLoop
    ) throws -> Endpoints {
        let query = QueryEndpoint(
            store: store,
            history: history?.queries,
            durations: metrics.queries,
            answers: metrics.answers
        )
        let export = ExportEndpoint(publisher, on: loop)
        let description = try OpenAPI.response(
            telemetryPath: configuration.web.telemetryPath,
            reloads: configuration.web.reloadsOnRequest
        )
        let moment = { @Sendable in publisher.version }
        let list = SharedAnswer(of: moment, on: loop) { [latest, registration] in
            try APIAnswer.prepared(.ok, ComponentList.document(latest, registration, at: WallClock.milliseconds))
        }
        let changing = HubEndpoints.actions(
            ReportEndpoint(intake: intake, limits: limits),
            SelfReportEndpoint(reporter: reporter, limits: limits),
            RegistrationEndpoint(intake: intake, registrar: Registrar(registration, store, latest, on: loop))
        )
        return try Endpoints(
            configuration.web.telemetryPath,
            aliases: [HubPath.export],
            source: publisher,
            endpoints: looks + [
                Endpoint(HubPath.query) { try await query.answer($0) },
                Endpoint(HubPath.export) { try await export.answer($0) },
                Endpoint(HubPath.components) { _ in try await list.answer() },
                Endpoint(HubPath.description) { _ in description },
            ],
            actions: changing + (configuration.web.reloadsOnRequest ? [holder.reloading] : []),
            metrics: host.requests
        )
    }

    /// Off the loops: it may take seconds.
    private func refill() async {
        let thread = WorkThread(capacity: 1)
        let began = MonotonicInstant.now
        do {
            let count = try await thread.run { [latest, store, ttl = configuration.intake.ttl] in
                try Refill.run(latest, from: store, ttl: ttl, at: WallClock.milliseconds)
            }
            let took = began.duration(to: .now)
            logger.info("the log has been read", ("reports", LogValue(count)), ("took_seconds", LogValue(took)))
        } catch is CancellationError {
            // The program ends.
        } catch {
            logger.error("the log could not be read: what was exported before is not", ("error", LogValue("\(error)")))
        }
    }
}
