package import AsyncHTTP
package import Service
package import TLS

/// What `healthcheck` asks.
package struct HealthcheckConfiguration: Sendable, Hashable {
    /// Nil is this machine's server, by the flags and variables that it would listen by.
    package var url: ClientURL?
    /// The socket of a server, instead of a URL.
    package var unix: String?
    package var timeout = Duration.seconds(3)
    /// Whom it believes to be a server that is asked by https.
    package var tls = TLSClientConfiguration()
    /// For a server that lets in only whom it knows.
    package var credentials = CredentialsConfiguration()

    package init() {}
}
