/// The flags in the order in which they are shown.
enum FlagTable {
    static let all = agent + web + log + simulation + healthcheck

    static func flags(of command: Subcommand) -> [Flag] {
        all.filter { $0.commands.contains(command) }
    }

    static let log: [Flag] = [
        .value(
            "log.level",
            "LOG_LEVEL",
            "LEVEL",
            "info",
            "The least important events that are logged: debug, info, warn or error.",
            for: [.serve, .demo, .simulateAgent],
            choices: LogLevel.allCases.map(\.rawValue)
        ) { $0.log.level = try LogLevel(flag: $1) },
        .value(
            "log.format",
            "LOG_FORMAT",
            "FORMAT",
            "logfmt",
            "How a log line is written: logfmt or json.",
            for: [.serve, .demo, .simulateAgent],
            choices: LogFormat.allCases.map(\.rawValue)
        ) { $0.log.format = try Values.choice($1) },
    ]

    static let healthcheck: [Flag] = [
        .value(
            "url",
            nil,
            "URL",
            "",
            "What is asked. By default /healthz of an exporter on this machine, found by WEB_LISTEN_ADDRESS and PORT.",
            for: [.healthcheck]
        ) { $0.check.url = try Values.url($1) },
        .value("timeout", nil, "DURATION", "3s", "How long the answer may take.", for: [.healthcheck]) {
            $0.check.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
    ]
}
