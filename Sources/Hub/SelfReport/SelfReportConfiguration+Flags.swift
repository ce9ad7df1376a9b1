package import Flags

extension SelfReportConfiguration {
    package static let flags: [Flag<SelfReportConfiguration>] = [
        .value(
            "self-report.name",
            "NOETL_SERVER_NAME",
            "NAME",
            "noetl-server",
            "The component as which the hub reports its own system metrics."
        ) { configuration, text throws(ValueProblem) in
            guard !text.isEmpty, text.utf8.count <= 255 else { throw ValueProblem("not a name of 1 to 255 bytes") }
            configuration.name = text
        },
        .value(
            "self-report.interval",
            "NOETL_SERVER_METRICS_INTERVAL",
            "DURATION",
            "1m",
            "How often it does; 0s is never."
        ) { $0.interval = try Values.duration($1) },
    ]
}
