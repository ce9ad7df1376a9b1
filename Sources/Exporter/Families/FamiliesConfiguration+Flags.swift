import Flags

extension FamiliesConfiguration {
    static let flags: [Flag<FamiliesConfiguration>] = [
        .value(
            "agent.max-tasks",
            "AGENT_MAX_TASKS",
            "COUNT",
            "20",
            "How many tasks the agent can take, exported as app_max_task_capacity; none: not exported."
        ) { $0.maxTasks = try capacity($1) },
        .value(
            "agent.max-connections",
            "AGENT_MAX_CONNECTIONS",
            "COUNT",
            "",
            "How many connections the agent can take, exported as app_max_connections; none: not exported."
        ) { $0.maxConnections = try capacity($1) },
        .toggle(
            "agent.aliases",
            "AGENT_ALIASES",
            "Export two metrics under the names of other documents, too: app_build_info and app_open_sessions."
        ) { $0.hasAliases = $1 },
        .toggle(
            "web.disable-exporter-metrics",
            "WEB_DISABLE_EXPORTER_METRICS",
            "Leave agent_exporter_* and process_* out."
        ) { $0.disableExporterMetrics = $1 },
    ]

    private static func capacity(_ text: String) throws(ValueProblem) -> Int? {
        text.isEmpty || text == "none" ? nil : try Values.number(text, in: 0...1_000_000_000)
    }
}
