import AsyncHTTP
package import Flags

extension WebConfiguration {
    /// - Parameters:
    ///   - standard: what stands when nobody says anything.
    ///   - paths: what the program has beside the telemetry path.
    package static func flags(_ standard: WebConfiguration, besides paths: [String]) -> [Flag<WebConfiguration>] {
        listening(standard) + locks + [telemetryPath(besides: paths)] + bounds
    }

    private static func listening(_ standard: WebConfiguration) -> [Flag<WebConfiguration>] {
        [
            .list(
                "web.listen-address",
                "WEB_LISTEN_ADDRESS",
                "ADDRESS",
                separators: " ,\n\t",
                standard.listenAddresses.map(\.description).joined(separator: " "),
                "Where to listen: :8000 (IPv6 and IPv4), host:port, [::1]:8000 or unix:/path. Repeatable. The variable PORT"
                    + " gives the port alone."
            ) { configuration, texts in
                configuration.listenAddresses = []
                for text in texts { configuration.listenAddresses.append(try ListenAddress(parsing: text)) }
            }
            .orVariable("PORT") { text throws(ValueProblem) in ":\(try Values.number(text, in: 0...65535))" },
            .toggle(
                "web.systemd-socket",
                "WEB_SYSTEMD_SOCKET",
                "Take the listening sockets from systemd instead."
            ) { $0.systemdSocket = $1 },
            .value(
                "web.socket-mode",
                "WEB_SOCKET_MODE",
                "MODE",
                "0666",
                "Who may connect to a unix: address, in octal as for chmod. By default its directory decides."
            ) { $0.socketMode = try Values.fileMode($1) },
        ]
    }

    private static let locks: [Flag<WebConfiguration>] = [
        .value(
            "web.config.file",
            "WEB_CONFIG_FILE",
            "PATH",
            "",
            "The file that turns on TLS, passwords, tokens and a rate limit, as Prometheus' own exporters take it. SIGHUP reads"
                + " it again."
        ) { configuration, path throws(ValueProblem) in
            guard !path.isEmpty else { throw ValueProblem("not the path of a file") }
            configuration.configurationFile = path
        },
        .toggle(
            "web.enable-lifecycle",
            "WEB_ENABLE_LIFECYCLE",
            "Read files again when POST /-/reload asks for it."
        ) { $0.reloadsOnRequest = $1 },
    ]

    private static func telemetryPath(besides paths: [String]) -> Flag<WebConfiguration> {
        .value("web.telemetry-path", "WEB_TELEMETRY_PATH", "PATH", "/metrics", "Where the metrics are.") {
            $0.telemetryPath = try TelemetryPath.checked($1, besides: paths)
        }
    }

    private static let bounds: [Flag<WebConfiguration>] = [
        .value(
            "web.threads",
            "WEB_THREADS",
            "COUNT",
            "1",
            "Event loops that serve, each a thread. One more thread makes what they serve."
        ) {
            $0.threads = try Values.number($1, in: 1...256)
        },
        .value(
            "web.max-connections",
            "WEB_MAX_CONNECTIONS",
            "COUNT",
            "8192",
            "Above it a new connection gets 503 and is closed."
        ) { $0.maxConnections = try Values.number($1, in: 1...10_000_000) },
        .value(
            "web.header-timeout",
            "WEB_HEADER_TIMEOUT",
            "DURATION",
            "5s",
            "How long a request's header block may take to arrive."
        ) { $0.headerTimeout = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value(
            "web.idle-timeout",
            "WEB_IDLE_TIMEOUT",
            "DURATION",
            "5m",
            "How long a connection may be idle between requests."
        ) { $0.idleTimeout = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value(
            "web.write-timeout",
            "WEB_WRITE_TIMEOUT",
            "DURATION",
            "30s",
            "How long a peer may take to read an answer."
        ) { $0.writeTimeout = try Values.duration($1, atLeast: .milliseconds(1)) },
    ]
}
