import Flags

extension DrainConfiguration {
    static let flags: [Flag<DrainConfiguration>] = [
        .value(
            "web.drain-timeout",
            "GRACE_PERIOD_SECONDS",
            "DURATION",
            "43200",
            "After SIGTERM, how long an agent that is shutting down is waited for. A bare number is seconds."
        ) { $0.timeout = try Values.duration($1) }
    ]
}
