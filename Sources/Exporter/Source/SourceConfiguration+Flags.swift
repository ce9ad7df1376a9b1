import AsyncHTTP
import Flags
import Hosting
import Service
import TLS

extension SourceConfiguration {
    static let credentialFlags = CredentialFlags(
        "agent.",
        variables: "AGENT_",
        taken: AgentSource.ownFields.map(\.name)
    )

    static let flags: [Flag<SourceConfiguration>] =
        polling + TLSClientConfiguration.flags("agent.", variables: "AGENT_").map { $0.within(\.tls) }
        + (credentialFlags.login + credentialFlags.fields).map { $0.within(\.credentials) }

    private static let polling: [Flag<SourceConfiguration>] = [
        .value(
            "agent.url",
            "METRICS_ENDPOINT",
            "URL",
            "http://localhost:8080/actuator/info",
            "What to poll: http://host:port/path, https://host:port/path, or unix:/run/agent.sock:/actuator/info."
        ) { configuration, text in
            let url = try ClientURL.flag(text, credentials: credentialFlags)
            configuration.endpoint = url.endpoint
            configuration.target = url.target
            configuration.isSecure = url.isSecure
        },
        .value(
            "agent.poll-interval",
            "AGENT_POLL_INTERVAL",
            "DURATION",
            "1s",
            "Time between polls while they succeed."
        ) { $0.pollInterval = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value("agent.connect-timeout", "AGENT_CONNECT_TIMEOUT", "DURATION", "1s", "How long connecting may take.") {
            $0.connectTimeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .value("agent.timeout", "AGENT_TIMEOUT", "DURATION", "5s", "How long one whole poll may take.") {
            $0.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .value("agent.max-body", "AGENT_MAX_BODY", "SIZE", "1MiB", "A longer answer is a failed poll.") {
            $0.maxBody = .bytes(try Values.bytes($1))
        },
        .value(
            "agent.backoff-initial",
            "RETRY_DELAY",
            "DURATION",
            "1s",
            "The wait after the first failed poll. It doubles with each further one, and is jittered."
        ) { $0.backoffInitial = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value("agent.backoff-max", "AGENT_BACKOFF_MAX", "DURATION", "30s", "The longest wait between failed polls.") {
            $0.backoffMax = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .list(
            "agent.gauge",
            "AGENT_GAUGES",
            "NAME=KEY[:HELP]",
            separators: "\n",
            "",
            "One more gauge from the agent's JSON, by dotted key path. Repeatable; the variable holds one per line."
        ) { $0.gauges = try $1.map(GaugeMapping.init) },
    ]
}
