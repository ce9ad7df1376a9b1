import AsyncHTTP
import Flags
import Hosting
import Service
import TelemetryServer

/// Everything that flags and variables decide, with the defaults.
struct HubConfiguration: Sendable, Hashable {
    static let port: UInt16 = 8082

    var store = StoreConfiguration()
    var history = HistoryConfiguration()
    var intake = IntakeConfiguration()
    var selfReport = SelfReportConfiguration()
    var web = WebConfiguration(port: port)
    var log = Service.LogConfiguration()
    var check = HealthcheckConfiguration()
    var simulation = WorkerSimulation()
    var inquiry = HubCheckConfiguration()
    /// How other hubs are reached.
    var access = ClientAccess()
}

extension HubConfiguration {
    static let storeFlags: [Flag<HubConfiguration>] = StoreConfiguration.flags.map { $0.within(\.store) }

    /// The log knows whoever reports and whatever is exported, and has known others before them.
    var logLimits: LogLimits {
        var limits = LogLimits()
        limits.components = max(limits.components, 10 * intake.components)
        limits.series = max(limits.series, 10 * intake.series)
        return limits
    }

    static let historyFlags: [Flag<HubConfiguration>] = HistoryConfiguration.flags.map { $0.within(\.history) }

    static let serveFlags: [Flag<HubConfiguration>] =
        storeFlags + historyFlags + IntakeConfiguration.flags.map { $0.within(\.intake) }
        + SelfReportConfiguration.flags.map { $0.within(\.selfReport) } + webFlags + logFlags

    static let webFlags: [Flag<HubConfiguration>] =
        WebConfiguration.flags(HubConfiguration().web, besides: HubEndpoints.paths).map { $0.within(\.web) }

    static let logFlags: [Flag<HubConfiguration>] = Service.LogConfiguration.flags.map { $0.within(\.log) }

    static let checkFlags: [Flag<HubConfiguration>] = HealthcheckConfiguration.flags.map { $0.within(\.check) }

    static let access = ClientAccessFlags("hub.", variables: "HUB_")

    static let accessFlags: [Flag<HubConfiguration>] = access.flags.map { $0.within(\.access) }

    /// Of workers that report to some hub.
    static let workerFlags: [Flag<HubConfiguration>] =
        (WorkerSimulation.flags() + [WorkerSimulation.hubFlag]).map { $0.within(\.simulation) } + accessFlags + logFlags

    /// Of those in a demo.
    static let simulationFlags: [Flag<HubConfiguration>] =
        WorkerSimulation.flags("simulate.").map { $0.within(\.simulation) }

    static let inquiryFlags: [Flag<HubConfiguration>] =
        HubCheckConfiguration.flags.map { $0.within(\.inquiry) } + accessFlags

    /// What only shows when everything is put together.
    @Sendable static func check(_ invocation: Invocation<HubConfiguration>) -> [UsageError] {
        let configuration = invocation.configuration
        let isServing = HubProgram.serving.contains(invocation.command)
        return HealthcheckConfiguration.credentialFlags.conflicts(in: invocation, configuration.check.credentials)
            + HealthcheckConfiguration.conflicts { invocation.source(of: $0) }
            + access.conflicts(in: invocation, configuration.access)
            + HistoryConfiguration.conflicts { invocation.source(of: $0) }
            + (isServing ? configuration.web.wrongLocks { invocation.source(of: $0) } + configuration.withoutLog : [])
    }

    /// What needs a log that lasts.
    private var withoutLog: [UsageError] {
        guard history.database != nil, store.place == .memory else { return [] }
        return [
            UsageError(
                "PostgreSQL is written from a log on a disk, and --store=memory has none: give --store=sqlite:PATH"
            )
        ]
    }
}
