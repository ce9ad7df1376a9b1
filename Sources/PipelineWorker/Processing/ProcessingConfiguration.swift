import Cache

/// How batches are processed.
struct ProcessingConfiguration: Sendable, Hashable {
    /// The pipeline whose batches webhooks are.
    var pipeline = "webhook"
    /// Batches that are processed at once.
    var concurrency = 16
    /// Batches that wait.
    var queue = 10_000
    /// What half of the batches take at most, without their records.
    var duration = Duration.milliseconds(20)
    /// What each record takes besides.
    var durationPerRecord = Duration.milliseconds(1)
    /// After which an attempt is given up.
    var timeout = Duration.seconds(30)
    /// Attempts after the first.
    var retries = 3
    var backoff = Backoff(initial: .seconds(1), cap: .seconds(30))
    /// Between two checkpoints, while batches are finished.
    var checkpointInterval = Duration.seconds(1)
    /// After SIGTERM, how long batches may take to be finished.
    var gracePeriod = Duration.seconds(30)
    /// The part of attempts that fails, and the part that takes too long: played.
    var failures = 0.0
    var timeouts = 0.0
    /// Whether a webhook may ask for a failure.
    var playsWishes = false
}
