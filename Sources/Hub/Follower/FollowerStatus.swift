/// Where a follower stands.
package struct FollowerStatus: Sendable, Hashable {
    package internal(set) var isConnected = false
    /// The last report that is in the database; nil until the database has said.
    package internal(set) var cursor: Int64?
    /// Reports of the log that are not in the database, as far as it has looked.
    package internal(set) var unread: Int64 = 0
    /// When the oldest of them arrived, in milliseconds since 1970.
    package internal(set) var oldestUnread: Int64?
    /// Since the start.
    package internal(set) var written = WrittenHistory()
    /// Why it does not go on; nil when it does.
    package internal(set) var failure: String?
    /// Attempts that have failed, one after the other.
    package internal(set) var failures = 0
    /// All that have failed since the start.
    package internal(set) var allFailures = 0
    /// Why tables are not made or dropped as they should be, while rows are written; nil when they are.
    package internal(set) var upkeepFailure: String?

    package init() {}

    /// How old the oldest report is that is not in the database.
    /// - Parameter moment: milliseconds since 1970.
    package func lag(at moment: Int64) -> Duration {
        guard let oldestUnread else { return .zero }
        let (age, overflow) = moment.subtractingReportingOverflow(oldestUnread)
        return overflow ? .zero : .milliseconds(max(0, age))
    }
}

/// A follower, and which database it writes into.
package struct FollowedHistory: Sendable, Hashable {
    /// By which the log knows it.
    package let name: String
    package let database: String
    package let follower: FollowerStatus
}

/// What has become of reports on their way into a database.
package struct WrittenHistory: Sendable, Hashable {
    package internal(set) var reports: Int64 = 0
    package internal(set) var rows: Int64 = 0
    /// Reports that another hub had written.
    package internal(set) var duplicates: Int64 = 0
    /// Rows that the database did not take, and that were set aside.
    package internal(set) var refused: Int64 = 0

    package init() {}

    static func += (sum: inout WrittenHistory, other: WrittenHistory) {
        sum.reports &+= other.reports
        sum.rows &+= other.rows
        sum.duplicates &+= other.duplicates
        sum.refused &+= other.refused
    }
}
