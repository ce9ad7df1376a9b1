/// What one step of a follower has come to.
struct FollowerStep: Sendable {
    /// Nil when the database has not said.
    var cursor: Int64?
    var isConnected = false
    var written = WrittenHistory()
    /// Whether there is more to be written at once.
    var hasMore = false
    var lag: FollowerLag?
    var failure: String?
    var upkeepFailure: String?

    func note(in status: inout FollowerStatus) {
        status.isConnected = isConnected
        if let cursor { status.cursor = cursor }
        status.written += written
        status.failure = failure
        status.failures = failure == nil ? 0 : status.failures &+ 1
        if failure != nil { status.allFailures &+= 1 }
        status.upkeepFailure = upkeepFailure
        lag?.note(in: &status)
    }
}

/// How far behind a follower is.
struct FollowerLag: Sendable {
    let unread: Int64
    let oldestUnread: Int64?

    func note(in status: inout FollowerStatus) {
        (status.unread, status.oldestUnread) = (unread, oldestUnread)
    }
}
