import AsyncHTTP
import Cache
import Flags
import Synchronization
import Telemetry
import TelemetryServer

/// Renders everything that is exported, and hands out what was rendered last. Only the polling loop renders; scrapes read.
final class MetricsPublisher: Sendable {
    let metrics: ExporterMetrics
    private let registry: Registry
    private let snapshots: SnapshotCell<ScrapeSnapshot>
    /// Somebody has scraped since the last render.
    private let isWanted = Atomic<Bool>(false)

    /// - Throws: when names clash, which only those of `--agent.gauge` can.
    init(
        _ configuration: Configuration,
        polls: @escaping @Sendable () -> PollState,
        statistics: @escaping @Sendable () -> ServerStatistics?
    ) throws {
        let agent = configuration.agent
        registry = Registry()
        // What nobody is to see is counted all the same, in a registry that is never rendered.
        let own = configuration.web.disableExporterMetrics ? Registry() : registry
        try registry.register(AgentCollector(agent, polls: polls))
        for (name, help, value) in [
            ("app_max_task_capacity", "How many tasks the agent can take, as configured.", agent.maxTasks),
            ("app_max_connections", "How many connections the agent can take, as configured.", agent.maxConnections),
        ] {
            if let value { try registry.gauge(name, help: help).set(Double(value)) }
        }
        metrics = try ExporterMetrics(in: own)
        try own.register(ServerCollector(statistics: statistics))
        try own.register(ProcessCollector())
        try registry.register(
            GaugeCollector(agent.gauges) {
                AgentView(polls(), maxAge: agent.maxAge, fallback: agent.fallback, at: .now)
            }
        )
        snapshots = SnapshotCell(try ScrapeSnapshot(RenderedMetrics(registry)))
    }

    /// - Throws: what a publisher would throw.
    static func check(_ configuration: Configuration) throws {
        _ = try MetricsPublisher(configuration, polls: { PollState() }, statistics: { nil })
    }

    /// The families of this moment.
    var families: [MetricFamily] { registry.gather() }

    /// Makes this moment the one that is scraped from now on.
    func render() {
        isWanted.store(false, ordering: .relaxed)
        metrics.renders.increment()
        // The same fields were valid for the first snapshot.
        if let snapshot = try? ScrapeSnapshot(RenderedMetrics(registry)) { snapshots.publish(snapshot) }
    }

    /// Renders anew if somebody has scraped since the last time.
    func renderIfWanted() {
        if isWanted.load(ordering: .relaxed) { render() }
    }

    /// The answer to a scrape.
    func answer(_ representation: Representation) -> PreparedResponse {
        // Almost always true already, and then nothing is written that another thread reads.
        if !isWanted.load(ordering: .relaxed) { isWanted.store(true, ordering: .relaxed) }
        return snapshots.read()[representation]
    }
}
