package import AsyncHTTP
package import Service

/// Tells of a follower what somebody should know, once: that it writes, that it cannot, that rows were refused.
package struct FollowerNews: Sendable {
    private let logger: Logger
    private var hasWritten = false
    private var failures = RepeatedFailure()
    private var upkeep = RepeatedFailure()
    private var refusals = RepeatedFailure()
    private var refused: Int64 = 0

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// - Parameters:
    ///   - place: which database.
    ///   - moment: milliseconds since 1970.
    package mutating func tell(_ status: FollowerStatus, of place: String, at now: MonotonicInstant, moment: Int64) {
        if let failure = status.failure {
            guard failures.failed(failure, at: now) != nil else { return }
            logger.error(
                "the history is not written",
                ("error", LogValue(failure)),
                ("database", LogValue(place)),
                ("backlog", LogValue(Int(clamping: status.unread))),
                ("lag_seconds", LogValue(status.lag(at: moment)))
            )
            return
        }
        guard status.isConnected else { return }
        if failures.succeeded() || !hasWritten {
            hasWritten = true
            logger.info(
                "the history is written",
                ("database", LogValue(place)),
                ("backlog", LogValue(Int(clamping: status.unread)))
            )
        }
        tellOfTables(status, at: now)
        tellOfRows(status, at: now)
    }

    private mutating func tellOfTables(_ status: FollowerStatus, at now: MonotonicInstant) {
        guard let failure = status.upkeepFailure else {
            _ = upkeep.succeeded()
            return
        }
        guard upkeep.failed(failure, at: now) != nil else { return }
        logger.warn("the history's tables are not tended", ("error", LogValue(failure)))
    }

    private mutating func tellOfRows(_ status: FollowerStatus, at now: MonotonicInstant) {
        guard status.written.refused > refused else { return }
        guard refusals.failed("refused", at: now) != nil else { return }
        logger.warn(
            "the database has refused rows; they are in noetl.refused, with the reason",
            ("rows", LogValue(Int(clamping: status.written.refused - refused)))
        )
        refused = status.written.refused
    }
}
