import AsyncHTTP
import Flags

extension FlagTable {
    static let agent: [Flag<Configuration>] = [
        .value(
            "agent.url",
            "METRICS_ENDPOINT",
            "URL",
            "http://localhost:8080/actuator/info",
            "What to poll: http://host:port/path, or unix:/run/agent.sock:/actuator/info."
        ) { configuration, text in
            let url = try ClientURL(text)
            configuration.agent.endpoint = url.endpoint
            configuration.agent.target = url.target
        },
        .value(
            "agent.poll-interval",
            "AGENT_POLL_INTERVAL",
            "DURATION",
            "1s",
            "Time between polls while they succeed."
        ) { $0.agent.pollInterval = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value("agent.connect-timeout", "AGENT_CONNECT_TIMEOUT", "DURATION", "1s", "How long connecting may take.") {
            $0.agent.connectTimeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .value("agent.timeout", "AGENT_TIMEOUT", "DURATION", "5s", "How long one whole poll may take.") {
            $0.agent.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .value("agent.max-body", "AGENT_MAX_BODY", "SIZE", "1MiB", "A longer answer is a failed poll.") {
            $0.agent.maxBody = .bytes(try Values.bytes($1))
        },
        .value(
            "agent.max-age",
            "AGENT_MAX_AGE",
            "DURATION",
            "30s",
            "How long the last good reading is held after polls begin to fail."
        ) { $0.agent.maxAge = try Values.duration($1) },
        .value(
            "agent.fallback",
            "AGENT_FALLBACK",
            "POLICY",
            "auto",
            "What stands after max-age. auto: values are left out when the agent is out of reach, and 0 or unknown when it"
                + " answers with something that cannot be read; omit: left out in both cases; zero: 0 in both.",
            choices: Fallback.allCases.map(\.rawValue)
        ) { $0.agent.fallback = try Values.choice($1) },
        .value(
            "agent.backoff-initial",
            "RETRY_DELAY",
            "DURATION",
            "1s",
            "The wait after the first failed poll. It doubles with each further one, and is jittered."
        ) { $0.agent.backoffInitial = try Values.duration($1, atLeast: .milliseconds(1)) },
        .value("agent.backoff-max", "AGENT_BACKOFF_MAX", "DURATION", "30s", "The longest wait between failed polls.") {
            $0.agent.backoffMax = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .list(
            "agent.gauge",
            "AGENT_GAUGES",
            "NAME=KEY[:HELP]",
            separators: "\n",
            "",
            "One more gauge from the agent's JSON, by dotted key path. Repeatable; the variable holds one per line."
        ) { $0.agent.gauges = try $1.map(GaugeMapping.init) },
        .value(
            "agent.max-tasks",
            "AGENT_MAX_TASKS",
            "COUNT",
            "20",
            "How many tasks the agent can take, exported as app_max_task_capacity; none: not exported."
        ) { $0.agent.maxTasks = try capacity($1) },
        .value(
            "agent.max-connections",
            "AGENT_MAX_CONNECTIONS",
            "COUNT",
            "",
            "How many connections the agent can take, exported as app_max_connections; none: not exported."
        ) { $0.agent.maxConnections = try capacity($1) },
    ]

    private static func capacity(_ text: String) throws(ValueProblem) -> Int? {
        text.isEmpty || text == "none" ? nil : try Values.number(text, in: 0...1_000_000_000)
    }
}
