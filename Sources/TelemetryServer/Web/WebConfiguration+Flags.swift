import AsyncHTTP
package import Flags

extension WebConfiguration {
    /// - Parameters:
    ///   - standard: what stands when nobody says anything.
    ///   - paths: what the program has beside the telemetry path.
    package static func flags(_ standard: WebConfiguration, besides paths: [String]) -> [Flag<WebConfiguration>] {
        listening(standard) + [telemetryPath(besides: paths)] + bounds
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
        ]
    }

    private static func telemetryPath(besides paths: [String]) -> Flag<WebConfiguration> {
        .value("web.telemetry-path", "WEB_TELEMETRY_PATH", "PATH", "/metrics", "Where the metrics are.") {
            let path = try path($1)
            guard !paths.contains(path) else { throw ValueProblem("something else is there already") }
            $0.telemetryPath = path
        }
    }

    private static let bounds: [Flag<WebConfiguration>] = [
        .value("web.threads", "WEB_THREADS", "COUNT", "1", "Serving event loops. What they serve is made on one more.")
        {
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

    /// A path that a request can ask for without a query.
    private static func path(_ text: String) throws(ValueProblem) -> String {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#%\"<>\\".utf8.contains($0) }
        // Browsers take // for the beginning of a host's name, and resolve dots.
        let isResolved = !text.hasPrefix("//") && !text.split(separator: "/").contains { $0 == "." || $0 == ".." }
        guard text.hasPrefix("/"), isPlain, isResolved, text.utf8.count <= 1024 else {
            throw ValueProblem(
                "not an absolute path such as /metrics, without ?, #, %, spaces and dots between slashes"
            )
        }
        return text
    }
}
