import AsyncHTTP
import Flags

extension FlagTable {
    static let web: [Flag<Configuration>] = [
        .list(
            "web.listen-address",
            "WEB_LISTEN_ADDRESS",
            "ADDRESS",
            separators: " ,\n\t",
            ":8000",
            "Where to listen: :8000 (IPv6 and IPv4), host:port, [::1]:8000 or unix:/path. Repeatable. The variable PORT"
                + " gives the port alone."
        ) { configuration, texts in
            configuration.web.listenAddresses = []
            for text in texts { configuration.web.listenAddresses.append(try ListenAddress(parsing: text)) }
        },
        .toggle(
            "web.systemd-socket",
            "WEB_SYSTEMD_SOCKET",
            "Take the listening sockets from systemd instead."
        ) { $0.web.systemdSocket = $1 },
        .value("web.telemetry-path", "WEB_TELEMETRY_PATH", "PATH", "/metrics", "Where the metrics are.") {
            $0.web.telemetryPath = try telemetryPath($1)
        },
        .value(
            "web.ready-requires",
            "WEB_READY_REQUIRES",
            "WHAT",
            "poll",
            "What /readyz waits for. poll: the first poll has finished; data: besides, a reading younger than max-age.",
            choices: ReadyRequirement.allCases.map(\.rawValue)
        ) { $0.web.readyRequires = try Values.choice($1) },
        .value("web.threads", "WEB_THREADS", "COUNT", "1", "Serving event loops. Polling has one more thread.") {
            $0.web.threads = try Values.number($1, in: 1...256)
        },
        .value(
            "web.max-connections",
            "WEB_MAX_CONNECTIONS",
            "COUNT",
            "8192",
            "Above it a new connection gets 503 and is closed."
        ) { $0.web.maxConnections = try Values.number($1, in: 1...10_000_000) },
        .value(
            "web.header-timeout",
            "WEB_HEADER_TIMEOUT",
            "DURATION",
            "5s",
            "How long a request's header block may take to arrive."
        ) { $0.web.headerTimeout = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value(
            "web.idle-timeout",
            "WEB_IDLE_TIMEOUT",
            "DURATION",
            "5m",
            "How long a connection may be idle between requests."
        ) { $0.web.idleTimeout = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value(
            "web.write-timeout",
            "WEB_WRITE_TIMEOUT",
            "DURATION",
            "30s",
            "How long a peer may take to read an answer."
        ) { $0.web.writeTimeout = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value(
            "web.drain-timeout",
            "GRACE_PERIOD_SECONDS",
            "DURATION",
            "43200",
            "After SIGTERM, how long an agent that is shutting down is waited for. A bare number is seconds."
        ) { $0.web.drainTimeout = try Values.duration($1) },
        .toggle(
            "web.disable-exporter-metrics",
            "WEB_DISABLE_EXPORTER_METRICS",
            "Leave agent_exporter_* and process_* out."
        ) { $0.web.disableExporterMetrics = $1 },
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

    private static func telemetryPath(_ text: String) throws(ValueProblem) -> String {
        let path = try path(text)
        guard !Endpoints.paths.contains(path) else { throw ValueProblem("something else is there already") }
        return path
    }
}
