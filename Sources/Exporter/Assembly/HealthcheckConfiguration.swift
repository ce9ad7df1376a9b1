import AsyncHTTP
import Service

/// What `healthcheck` asks.
struct HealthcheckConfiguration: Sendable, Hashable {
    /// Nil is this machine's exporter, by the flags and variables that it would listen by.
    var url: ClientURL?
    /// The socket of an exporter, instead of a URL.
    var unix: String?
    var timeout = Duration.seconds(3)
    /// For an exporter that lets in only whom it knows.
    var credentials = CredentialsConfiguration()
}
