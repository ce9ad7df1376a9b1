package import Flags

extension LogConfiguration {
    /// By this flag a program is found to write its log as JSON before anything is known of it.
    static let formatFlag = "log.format"

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
            formatFlag,
            "LOG_FORMAT",
            "FORMAT",
            "logfmt",
            "How a log line is written: logfmt or json.",
            choices: LogFormat.allCases.map(\.rawValue)
        ) { $0.format = try Values.choice($1) },
    ]
}
