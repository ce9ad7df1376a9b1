import AsyncHTTP

/// Everything that flags and variables decide, with the defaults.
struct Configuration: Sendable, Hashable {
    var agent = AgentConfiguration()
    var web = WebConfiguration()
    var log = LogConfiguration()
    var simulation = SimulationConfiguration()
    var check = HealthcheckConfiguration()
}

/// What is polled, how often, and what stands when it does not answer.
struct AgentConfiguration: Sendable, Hashable {
    var endpoint = ClientEndpoint.internet(host: "localhost", port: 8080)
    /// What stands in the request line.
    var target = "/actuator/info"
    var pollInterval = Duration.seconds(1)
    var connectTimeout = Duration.seconds(1)
    var timeout = Duration.seconds(5)
    var maxBody = ByteCount.mebibytes(1)
    var maxAge = Duration.seconds(30)
    var fallback = Fallback.auto
    var backoffInitial = Duration.seconds(1)
    var backoffMax = Duration.seconds(30)
    var gauges: [GaugeMapping] = []
    var maxTasks: Int? = 20
    var maxConnections: Int?

    /// Where it is, as it would be written in a flag.
    var description: String {
        switch endpoint {
        case .internet: "http://\(endpoint)\(target)"
        case .unix(let path): "unix:\(path):\(target)"
        }
    }
}

/// What stands for an agent's values after `--agent.max-age`.
enum Fallback: String, Sendable, Hashable, CaseIterable {
    /// Left out when the agent is out of reach, the defaults when it answers with something unreadable.
    case auto
    case omit
    case zero
}

/// Where scrapers are answered, and the bounds of their connections.
struct WebConfiguration: Sendable, Hashable {
    var listenAddresses: [ListenAddress] = [.port(8000)]
    var systemdSocket = false
    var telemetryPath = "/metrics"
    var readyRequires = ReadyRequirement.poll
    var threads = 1
    var maxConnections = 8192
    var headerTimeout = Duration.seconds(5)
    var idleTimeout = Duration.seconds(300)
    var writeTimeout = Duration.seconds(30)
    var drainTimeout = Duration.seconds(43_200)
    var disableExporterMetrics = false

    /// All of them, the ones from systemd included.
    var allAddresses: [ListenAddress] { systemdSocket ? [.systemd] : listenAddresses }
}

/// What `/readyz` waits for.
enum ReadyRequirement: String, Sendable, Hashable, CaseIterable {
    /// That the first poll has finished, either way.
    case poll
    /// Besides, a reading younger than `--agent.max-age`.
    case data
}

struct LogConfiguration: Sendable, Hashable {
    var level = LogLevel.info
    var format = LogFormat.logfmt
}

/// What `healthcheck` asks.
struct HealthcheckConfiguration: Sendable, Hashable {
    /// Nil is this machine's exporter, by the flags and variables that it would listen by.
    var url: ClientURL?
    var timeout = Duration.seconds(3)
}
