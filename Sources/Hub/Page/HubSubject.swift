import AsyncHTTP

/// What the hub's page is about, as it was configured: it stays the same while the program runs.
struct HubSubject: Sendable {
    /// What the program is called.
    static let program = "agent-hub"

    /// The machine's or the container's name; nil when the kernel does not say it.
    var host: String?
    /// What the hub is among components.
    var own: Component
    var store: StoreConfiguration
    var limits: LatestLimits
    /// How many reports may wait for the store.
    var waitingReports = LogLimits().waitingReports
    /// Only who is registered may report.
    var isStrict = false
    /// Where else there is something to see.
    var paths: [String] = []
    /// Where it can be reached from its own machine, as long as that is known.
    var address: @Sendable () -> String = { "http://localhost" }
    /// What somebody should know and mend, in sentences.
    var warnings: @Sendable () -> [String] = { [] }
}
