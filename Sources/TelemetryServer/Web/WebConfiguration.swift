package import AsyncHTTP

/// Where scrapers are answered, and the bounds of their connections.
package struct WebConfiguration: Sendable, Hashable {
    package var listenAddresses: [ListenAddress]
    package var systemdSocket = false
    /// Of the files of `unix:` addresses.
    package var socketMode: UInt32 = 0o666
    /// The file that says by what connections and requests are locked.
    package var configurationFile: String?
    /// Whether files may be read again because a request asks for it.
    package var reloadsOnRequest = false
    package var telemetryPath = "/metrics"
    package var threads = 1
    package var maxConnections = 8192
    package var headerTimeout = Duration.seconds(5)
    package var idleTimeout = Duration.seconds(300)
    package var writeTimeout = Duration.seconds(30)

    package init(port: UInt16) {
        listenAddresses = [.port(port)]
    }

    /// All of them, the ones from systemd included.
    package var allAddresses: [ListenAddress] { systemdSocket ? [.systemd] : listenAddresses }

    /// - Parameter drainTimeout: how long responses that are under way may take once the program stops.
    package func limits(drainTimeout: Duration) -> ServerLimits {
        var limits = ServerLimits()
        limits.connections = maxConnections
        limits.socketMode = socketMode
        limits.headerTimeout = headerTimeout
        limits.idleTimeout = idleTimeout
        limits.writeTimeout = writeTimeout
        limits.drainTimeout = drainTimeout
        return limits
    }
}
