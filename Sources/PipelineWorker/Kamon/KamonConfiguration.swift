import AsyncHTTP

/// What is exported of pipelines and of the process, and where: by the names that users of Kamon know.
struct KamonConfiguration: Sendable, Hashable {
    /// Whether anything is recorded and exported, except of webhooks.
    var isEnabled = true
    var serviceName = "dataflow-platform"
    var addresses = [ListenAddress.port(9095)]
    /// How often what is exported is made anew, besides for scrapes where that is quick.
    var interval = Duration.seconds(1)
    var dropped: [NamePattern] = []
    var disabled: Set<MetricsGroup> = []
    var hasStatusPage = true
    var statusAddresses = [ListenAddress.host("127.0.0.1", port: 5266)]
}
