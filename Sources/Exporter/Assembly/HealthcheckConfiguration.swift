import AsyncHTTP
import Service
import TLS

/// What `healthcheck` asks.
struct HealthcheckConfiguration: Sendable, Hashable {
    /// Nil is this machine's exporter, by the flags and variables that it would listen by.
    var url: ClientURL?
    /// The socket of an exporter, instead of a URL.
    var unix: String?
    var timeout = Duration.seconds(3)
    /// Whom it believes to be an exporter that is asked by https.
    var tls = TLSClientConfiguration()
    /// For an exporter that lets in only whom it knows.
    var credentials = CredentialsConfiguration()
}
