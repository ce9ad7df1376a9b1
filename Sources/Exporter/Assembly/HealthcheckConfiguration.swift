import AsyncHTTP

/// What `healthcheck` asks.
struct HealthcheckConfiguration: Sendable, Hashable {
    /// Nil is this machine's exporter, by the flags and variables that it would listen by.
    var url: ClientURL?
    var timeout = Duration.seconds(3)
}
