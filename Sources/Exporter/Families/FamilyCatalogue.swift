import AsyncHTTP
import Hosting
import Reporting
import Telemetry
import TelemetryServer

/// Everything that is exported, under names that do not clash: what verdicts become, and what the exporter counts itself.
struct FamilyCatalogue: Sendable {
    static let prefix = "agent_exporter"

    let metrics: ExporterMetrics
    let requests: RequestMetrics
    private let agent: AgentFamilies
    private let mapped: MappedFamilies
    private let load: LoadFamilies
    private let registry = Registry()

    /// Nothing is opened or read here.
    ///
    /// - Parameters:
    ///   - isLocked: whether there is a web configuration file.
    ///   - reports: what became of reports to a hub; nil where there are none.
    ///   - linesDropped: how many lines of the log have been dropped until now.
    /// - Throws: when names clash, which only those of `--agent.gauge` can.
    init(
        _ configuration: FamiliesConfiguration,
        _ source: SourceConfiguration,
        _ rules: VerdictConfiguration,
        _ holder: ServerHolder,
        isLocked: Bool,
        reports: (@Sendable () -> ReportStatistics?)? = nil,
        linesDropped: @escaping @Sendable () -> Int
    ) throws(MetricsError) {
        agent = try AgentFamilies(
            polledEvery: source.pollInterval,
            heldFor: rules.maxAge,
            hasAliases: configuration.hasAliases
        )
        load = try LoadFamilies(rules)
        mapped = try MappedFamilies(source.gauges)
        try registry.register(Announcement(descriptors: agent.descriptors + load.descriptors))
        for (name, help, value) in [
            ("app_max_task_capacity", "How many tasks the agent can take, as configured.", configuration.maxTasks),
            (
                "app_max_connections", "How many connections the agent can take, as configured.",
                configuration.maxConnections
            ),
        ] {
            if let value { try registry.gauge(name, help: help).set(Double(value)) }
        }
        // What nobody is to see is counted all the same, in a registry that is never rendered.
        let own = configuration.disableExporterMetrics ? Registry() : registry
        metrics = try ExporterMetrics(in: own)
        let host = try HostFamilies(
            in: own,
            prefix: Self.prefix,
            holder,
            isLocked: isLocked,
            linesDropped: linesDropped
        )
        requests = host.requests
        if let reports { try own.register(HubReportCollector(prefix: Self.prefix, statistics: reports)) }
        try own.register(ProcessCollector())
        if source.believesAnybody {
            let help = "1 while any certificate is believed to be the agent's."
            try own.gauge("\(Self.prefix)_agent_tls_verification_disabled", help: help).set(1)
        }
        try registry.register(Announcement(descriptors: mapped.descriptors))
    }

    /// What is exported while this verdict stands: no family without a sample.
    func families(_ verdict: Verdict, _ account: LoadAccount, at now: MonotonicInstant) -> [MetricFamily] {
        agentFamilies(verdict, account, at: now) + registry.gather()
    }

    /// Of these what the agent says, and what follows from it.
    func agentFamilies(_ verdict: Verdict, _ account: LoadAccount, at now: MonotonicInstant) -> [MetricFamily] {
        let judged = agent.families(verdict) + load.families(account, at: now) + mapped.families(verdict)
        return judged.filter { !$0.samples.isEmpty }
    }

    /// Those that verdicts become, whether or not they have samples.
    var ofAgent: [MetricDescriptor] { agent.descriptors + load.descriptors }

}

/// Takes the names of families that are made elsewhere.
private struct Announcement: Collector {
    let descriptors: [MetricDescriptor]

    func collect() -> [MetricFamily] { [] }
}
