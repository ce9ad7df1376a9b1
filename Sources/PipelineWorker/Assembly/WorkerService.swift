import AsyncHTTP
import Flags
import Hosting
import Pipelines
import Service
import Telemetry
import TelemetryServer
import WebhookChecks

/// The main job: takes webhooks and answers scrapes on some loops, processes and renders on another. Here everything is put
/// together.
struct WorkerService: Sendable {
    private let configuration: WorkerConfiguration
    private let settings: [Invocation<WorkerConfiguration>.Setting]
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let gate: WebhookGate

    /// - Throws: that the secret of webhooks cannot be read.
    static func run(_ invocation: Invocation<WorkerConfiguration>) throws(UsageError) -> Int32 {
        let gate = try invocation.configuration.webhook.gate()
        let logger = Logger(invocation.configuration.log)
        logger.warn(ofVariablesIn: invocation, WorkerProgram.table)
        if let remark = invocation.configuration.report.remark(source: invocation.source) {
            logger.warn("configuration", ("remark", LogValue(remark)))
        }
        return logger.running(loops: 1 + invocation.configuration.web.threads) { group in
            try await WorkerService(invocation, gate, logger).run(on: group)
        }
    }

    private init(_ invocation: Invocation<WorkerConfiguration>, _ gate: WebhookGate, _ logger: Logger) {
        configuration = invocation.configuration
        settings = invocation.settings
        notifier = ServiceNotifier(address: invocation.environment["NOTIFY_SOCKET"])
        self.gate = gate
        self.logger = logger
    }

    /// Runs until a signal ends it.
    private func run(on group: EventLoopGroup) async throws {
        let (work, serving) = (group.first, Array(group.loops.dropFirst()))
        let wallClock = { @Sendable () -> Duration in .nanoseconds(wallClockNanoseconds()) }
        let (pulse, queue) = (Pulse(), BatchQueue(capacity: configuration.work.queue))
        let metrics = try WorkerMetrics(configuration.kamon, queue, cores: ProcFile.processors)
        let pipeline = PipelineAggregate(
            configuration.work.pipeline,
            meter: metrics.meter,
            executor: work.serialExecutor
        )
        let processor = BatchProcessor(
            configuration.work,
            from: queue,
            pipeline,
            metrics.tasks,
            records: try metrics.records?.with(configuration.work.pipeline),
            seed: UInt64.random(in: .min ... .max),
            clock: work.clock,
            wallClock: wallClock,
            on: work
        )
        let webhooks = WebhookEndpoint(
            configuration.webhook,
            gate,
            into: queue,
            metrics.webhooks,
            durations: metrics.requests,
            prefix: String(UInt32.random(in: .min ... .max), radix: 36),
            wallClock: wallClock
        )
        let shown = WorkerStatus(
            kamon: configuration.kamon,
            settings: settings,
            metrics: metrics,
            pipeline: pipeline,
            queue: queue,
            pulse: pulse
        )
        let holder = ServerHolder()
        let servers = try WorkerServers(
            configuration,
            webhooks,
            gate,
            shown,
            holder,
            logger,
            on: work,
            serving: serving
        )
        defer { holder.letGo() }
        let (families, system) = (try WorkerFamilies(), SystemReader())
        let reporter = try configuration.report.reporter(logger, on: work) {
            families.families(
                system.read(),
                active: queue.active,
                waiting: queue.count,
                completed: metrics.tasks.completed.value
            ) + metrics.own.gather()
        }
        let steps = Lifecycle.Steps(
            ends: {
                pulse.isDraining = true
                queue.end()
            },
            drain: { goesOn in await drain(queue, on: work, goesOn) },
            shutdown: { servers.front.shutdown(gracefully: $0) },
            reload: holder.reload?.action
        )
        let lifecycle = Lifecycle(steps, notifier: notifier, logger: logger, on: work)
        announce(servers)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await lifecycle.run() }
            tasks.addTask { try await servers.run() }
            tasks.addTask {
                await servers.renderer.run(work.clock, while: { !Task.isCancelled }, beat: { pulse.beat() })
            }
            tasks.addTask {
                try await processor.run()
                // When it has ended the other servers still tell how.
                try await forever(on: work)
            }
            if let reporter { tasks.addTask { await reporter.run() } }
            notifier.ready()
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
        if case let batches = queue.givenUp, batches > 0 {
            logger.warn("batches are given up", ("batches", LogValue(batches)))
        }
        await reporter?.end()
        MetricsReporter.shutdown()
        logger.info("stopped")
    }

    private func announce(_ servers: WorkerServers) {
        logger.announce(
            servers.front,
            configuration.web,
            settings,
            page: servers.status.map(Logger.page(of:)) ?? "none",
            ("metrics", LogValue(servers.metrics?.addresses.joined(separator: " ") ?? "none")),
            ("actuator", LogValue(servers.actuator.addresses.joined(separator: " "))),
            ("status_page", LogValue(servers.status?.addresses.joined(separator: " ") ?? "none"))
        )
    }

    private func forever(on loop: EventLoop) async throws {
        while !Task.isCancelled { try await loop.clock.sleep(for: .seconds(3600)) }
    }

    /// Waits until everything that was taken is done with, or for as long as that may take.
    private func drain(
        _ queue: BatchQueue,
        on loop: EventLoop,
        _ goesOn: @Sendable () -> Bool
    ) async -> String {
        let end = loop.clock.now.advanced(by: configuration.work.gracePeriod)
        while goesOn(), !queue.isIdle, loop.clock.now < end {
            try? await loop.clock.sleep(for: .milliseconds(20))
        }
        if queue.isIdle, queue.givenUp == 0 { return "all batches are done" }
        return goesOn() ? "the grace period is over" : "a signal"
    }
}
