import Flags

extension ProcessingConfiguration {
    private static let most = 1_000_000

    static let flags: [Flag<ProcessingConfiguration>] = work + played

    private static let work: [Flag<ProcessingConfiguration>] = [
        .value(
            "work.pipeline",
            "WORK_PIPELINE",
            "NAME",
            "webhook",
            "The pipeline whose batches the webhooks are."
        ) { $0.pipeline = try name($1) },
        .value("work.concurrency", "WORK_CONCURRENCY", "COUNT", "16", "Batches that are processed at once.") {
            $0.concurrency = try Values.number($1, in: 1...10_000)
        },
        .value(
            "work.queue",
            "WORK_QUEUE",
            "COUNT",
            "10000",
            "Batches that may wait. When there are as many, a webhook gets 503."
        ) { $0.queue = try Values.number($1, in: 1...most) },
        .value(
            "work.duration",
            "WORK_DURATION",
            "DURATION",
            "20ms",
            "What half of the batches take at most, without their records. 0s takes no time."
        ) { $0.duration = try Values.duration($1, atLeast: .zero) },
        .value(
            "work.duration-per-record",
            "WORK_DURATION_PER_RECORD",
            "DURATION",
            "1ms",
            "What each record of a batch takes besides."
        ) { $0.durationPerRecord = try Values.duration($1, atLeast: .zero) },
        .value("work.timeout", "WORK_TIMEOUT", "DURATION", "30s", "After which an attempt is given up.") {
            $0.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
        .value(
            "work.retries",
            "WORK_RETRIES",
            "COUNT",
            "3",
            "How often a batch is tried again, after 1, 2, 4 … 30 s."
        ) { $0.retries = try Values.number($1, in: 0...1000) },
        .value(
            "work.checkpoint-interval",
            "WORK_CHECKPOINT_INTERVAL",
            "DURATION",
            "1s",
            "Time between two checkpoints, while batches are finished."
        ) { $0.checkpointInterval = try Values.duration($1, atLeast: .milliseconds(10)) },
        .value(
            "work.grace-period",
            "GRACE_PERIOD_SECONDS",
            "DURATION",
            "30s",
            "After SIGTERM, how long batches may take to be finished. A bare number is seconds."
        ) { $0.gracePeriod = try Values.duration($1) },
    ]

    private static let played: [Flag<ProcessingConfiguration>] = [
        .value("play.failures", "PLAY_FAILURES", "PERCENT", "0", "Attempts that fail, played.") {
            $0.failures = try percent($1)
        },
        .value("play.timeouts", "PLAY_TIMEOUTS", "PERCENT", "0", "Attempts that take too long, played.") {
            $0.timeouts = try percent($1)
        },
        .toggle(
            "play.wishes",
            "PLAY_WISHES",
            "Let a webhook have its own attempts fail: by \"simulate\": \"failure\" or \"timeout\" in its body."
        ) { $0.playsWishes = $1 },
    ]

    /// What does not go together.
    static func conflicts(_ configuration: ProcessingConfiguration) -> [UsageError] {
        guard configuration.failures + configuration.timeouts > 1 else { return [] }
        return [UsageError("--play.failures and --play.timeouts are more than all attempts together")]
    }

    private static func name(_ text: String) throws(ValueProblem) -> String {
        guard (1...128).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw ValueProblem("not a name of 1 to 128 bytes without control characters")
        }
        guard text != "overflow" else { throw ValueProblem("the name of what is beyond the limit of pipelines") }
        return text
    }

    private static func percent(_ text: String) throws(ValueProblem) -> Double {
        Double(try Values.number(text, in: 0...100)) / 100
    }
}
