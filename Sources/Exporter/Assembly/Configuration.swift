import Flags
import Hosting
import Reporting
import Service
import TLS
import TelemetryServer

/// Everything that flags and variables decide, with the defaults: the parts, each of which lives beside what it configures.
struct Configuration: Sendable, Hashable {
    var source = SourceConfiguration()
    var rules = VerdictConfiguration()
    var families = FamiliesConfiguration()
    var report = HubReportConfiguration()
    var web = WebConfiguration(port: 8000)
    var health = HealthConfiguration()
    var drain = DrainConfiguration()
    var log = LogConfiguration()
    var simulation = SimulationConfiguration()
    var check = HealthcheckConfiguration()
    var webhooks = WebhookSimulation()
    /// How the receiver of webhooks is reached.
    var receiver = ClientAccess()
}

extension Configuration {
    /// What is polled, and what is said of it.
    static let agentFlags: [Flag<Configuration>] =
        SourceConfiguration.flags.map { $0.within(\.source) } + VerdictConfiguration.flags.map { $0.within(\.rules) }
        + FamiliesConfiguration.flags.map { $0.within(\.families) }

    static let webFlags: [Flag<Configuration>] =
        WebConfiguration.flags(Configuration().web, besides: SidecarEndpoints.paths).map { $0.within(\.web) }
        + HealthConfiguration.flags.map { $0.within(\.health) } + DrainConfiguration.flags.map { $0.within(\.drain) }

    static let reportFlags: [Flag<Configuration>] = HubReportConfiguration.flags.map { $0.within(\.report) }

    static let logFlags: [Flag<Configuration>] = LogConfiguration.flags.map { $0.within(\.log) }

    static let simulationFlags: [Flag<Configuration>] = SimulationConfiguration.flags.map { $0.within(\.simulation) }

    static let checkFlags: [Flag<Configuration>] = HealthcheckConfiguration.flags.map { $0.within(\.check) }

    static let webhookFlags: [Flag<Configuration>] =
        WebhookSimulation.flags.map { $0.within(\.webhooks) }
        + WebhookSimulation.accessFlags.flags.map { $0.within(\.receiver) }

    /// What only shows when everything is put together.
    @Sendable static func check(_ invocation: Invocation<Configuration>) -> [UsageError] {
        let configuration = invocation.configuration
        return gauges(invocation)
            + TLSClientConfiguration.conflicts("agent.") { invocation.source(of: $0) }
            + TLSClientConfiguration.conflicts("") { invocation.source(of: $0) }
            + SourceConfiguration.credentialFlags.conflicts(in: invocation, configuration.source.credentials)
            + HealthcheckConfiguration.credentialFlags.conflicts(in: invocation, configuration.check.credentials)
            + HubReportConfiguration.accessFlags.conflicts(in: invocation, configuration.report.access)
            + HealthcheckConfiguration.conflicts { invocation.source(of: $0) }
            + (invocation.command == "healthcheck" ? [] : configuration.web.wrongLocks { invocation.source(of: $0) })
    }

    /// Gauges that somebody names must not have the names of others.
    private static func gauges(_ invocation: Invocation<Configuration>) -> [UsageError] {
        guard let source = invocation.source(of: "agent.gauge") else { return [] }
        do {
            _ = try FamilyCatalogue(invocation.configuration)
            return []
        } catch {
            return [UsageError("\(source): \(error)")]
        }
    }
}

extension FamilyCatalogue {
    init(
        _ configuration: Configuration,
        _ holder: ServerHolder = ServerHolder(),
        reports: @escaping @Sendable () -> ReportStatistics? = { nil },
        linesDropped: @escaping @Sendable () -> Int = { 0 }
    ) throws {
        try self.init(
            configuration.families,
            configuration.source,
            configuration.rules,
            holder,
            isLocked: configuration.web.configurationFile != nil,
            reports: configuration.report.hub == nil ? nil : reports,
            linesDropped: linesDropped
        )
    }
}
