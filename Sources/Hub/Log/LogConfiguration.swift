package import AsyncHTTP

/// Where the log is kept, for how long, and what it takes.
package struct LogConfiguration: Sendable, Hashable {
    package var path: String
    /// Reports older than this go, a table at a time, when every follower has read them.
    package var retention = Duration.seconds(30 * 86_400)
    /// The file grows no larger. The write-ahead log beside it has some megabytes of its own.
    package var maxSize = ByteCount.mebibytes(10_240)
    /// For how long a report that is sent again is recognised.
    package var recognition = Duration.seconds(86_400)
    package var limits = LogLimits()

    package init(path: String) {
        self.path = path
    }
}

/// How much the log takes upon itself. What is beyond is refused with a reason.
package struct LogLimits: Sendable, Hashable {
    /// Reports that are not on the disk yet.
    package var waitingReports = 10_000
    /// And their size, as `Report.size` estimates it.
    package var waitingSize = ByteCount.mebibytes(64)
    /// Samples of one report; never more than `SampleID` can count.
    package var samples = 10_000
    /// Distinct series, with their texts, in all that is kept: some 80 bytes of memory each.
    package var series = 1_000_000
    /// Distinct components in all that is kept.
    package var components = 100_000
    /// Identities of reports that wait in memory for their index: 16 bytes each. A start reads four times as many reports.
    package var waitingIdentities = 65_536
    /// How long to wait for somebody who works on the file with `sqlite3`.
    package var patience = Duration.seconds(5)
    /// After so long whoever waits for the disk is told that it does not keep up. What was handed over may be written yet.
    package var longestWait = Duration.seconds(10)
    /// What a query may take before it answers with what it has.
    package var queryBudget = Duration.seconds(2)
    /// Queries that wait for others.
    package var waitingQueries = 64
    /// Rows of one answer.
    package var queryRows = 10_000
    /// An answer that has become so long, as texts are counted, ends before it has all of them.
    package var answerSize = ByteCount.mebibytes(8)

    package init() {}
}
