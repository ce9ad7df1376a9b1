package import Flags

extension LogConfiguration {
    package static let flags: [Flag<LogConfiguration>] = [
        .value(
            "log.level",
            "LOG_LEVEL",
            "LEVEL",
            "info",
            "The least important events that are logged: debug, info, warn or error.",
            choices: LogLevel.allCases.map(\.rawValue)
        ) { $0.level = try LogLevel(flag: $1) },
        .value(
            "log.format",
            "LOG_FORMAT",
            "FORMAT",
            "logfmt",
            "How a log line is written: logfmt or json.",
            choices: LogFormat.allCases.map(\.rawValue)
        ) { $0.format = try Values.choice($1) },
    ]
}
