import TelemetryServer

/// What a page is about, as it was configured: it stays the same while the program runs.
struct StatusSubject: Sendable {
    /// The machine's or the container's name; nil when the kernel does not say it.
    var host: String?
    /// What is polled, as it would be written in a flag, and how often.
    var agent: String
    var pollInterval: Duration
    var rules: VerdictConfiguration
    /// How many of each the agent can take, as far as that is configured.
    var capacities: [AgentCount: Int] = [:]
    /// The names of mapped gauges.
    var gauges: [String] = []
    /// What somebody should know and mend, in sentences.
    var warnings: @Sendable () -> [String] = { [] }
    /// Where else there is something to see.
    var paths: [String] = []

    init(agent: String, pollInterval: Duration, rules: VerdictConfiguration) {
        self.agent = agent
        self.pollInterval = pollInterval
        self.rules = rules
    }

    init(
        _ source: SourceConfiguration,
        _ rules: VerdictConfiguration,
        _ families: FamiliesConfiguration,
        paths: [String]
    ) {
        self.init(agent: source.description, pollInterval: source.pollInterval, rules: rules)
        capacities[.tasks] = families.maxTasks
        capacities[.sessions] = families.maxConnections
        gauges = source.gauges.map(\.name)
        self.paths = paths
        host = HostName.read()
    }
}
