/// A report as the log has it, for those who know its series already: by their numbers in the log's dictionary.
struct LoggedSamples: Sendable, LoggedInOrder {
    let sequence: Int64
    let component: Component
    /// As its sender has chosen it.
    let reportID: String?
    /// Milliseconds since 1970.
    let arrived: Int64
    /// Nil when its sender has not said.
    let ttl: Duration?
    let samples: [SamplePayload.Sample]

    var count: Int { samples.count }
}

/// What is read from the log, one report after the other.
protocol LoggedInOrder: Sendable {
    var sequence: Int64 { get }
    /// Of its samples.
    var count: Int { get }
}

extension LoggedReport: LoggedInOrder {
    var count: Int { metrics.count }
}
