import AsyncHTTP
import Flags

/// The flags in the order in which they are shown.
enum FlagTable {
    static let all = groups.flatMap(\.flags)

    /// Flags with one subject, and the commands that take them.
    private static let groups: [(flags: [Flag<Configuration>], commands: [Subcommand])] = [
        (agent, Subcommand.exporters), (web, Subcommand.exporters), (log, [.serve, .demo, .simulateAgent]),
        (simulation, Subcommand.simulators), (healthcheck, [.healthcheck]),
    ]

    static func flags(of command: Subcommand) -> [Flag<Configuration>] {
        groups.flatMap { $0.commands.contains(command) ? $0.flags : [] }
    }

    static let log: [Flag<Configuration>] = [
        .value(
            "log.level",
            "LOG_LEVEL",
            "LEVEL",
            "info",
            "The least important events that are logged: debug, info, warn or error.",
            choices: LogLevel.allCases.map(\.rawValue)
        ) { $0.log.level = try LogLevel(flag: $1) },
        .value(
            "log.format",
            "LOG_FORMAT",
            "FORMAT",
            "logfmt",
            "How a log line is written: logfmt or json.",
            choices: LogFormat.allCases.map(\.rawValue)
        ) { $0.log.format = try Values.choice($1) },
    ]

    static let healthcheck: [Flag<Configuration>] = [
        .value(
            "url",
            nil,
            "URL",
            "",
            "What is asked. By default /healthz of an exporter on this machine, found by WEB_LISTEN_ADDRESS and PORT."
        ) { $0.check.url = try ClientURL($1) },
        .value("timeout", nil, "DURATION", "3s", "How long the answer may take.") {
            $0.check.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
    ]
}
