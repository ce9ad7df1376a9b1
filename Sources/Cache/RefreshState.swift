/// What a `Refresher` knows after an attempt: an immutable value that can be handed to any thread.
///
/// Decisions use `Instant`, the refresher's monotonic clock. Wall-clock time is only carried along to be shown.
public struct RefreshState<Value: Sendable, Failure: Error & Sendable, Instant: InstantProtocol>: Sendable
where Instant.Duration == Duration {
    /// A value that was fetched, and when.
    public struct Reading: Sendable {
        /// What the fetch returned.
        public let value: Value
        /// When the fetch finished, by the refresher's clock.
        public let instant: Instant
        /// The same moment by the wall clock, as time since 1970.
        public let sinceEpoch: Duration
    }

    /// One finished fetch.
    public struct Attempt: Sendable {
        /// When the fetch began, by the refresher's clock.
        public let started: Instant
        /// When its outcome was known. A fetch that overran its deadline may have let go later.
        public let finished: Instant
        /// Why it failed; `nil` if it succeeded.
        public let failure: RefreshFailure<Failure>?
    }

    /// The last good value; `nil` until there was one.
    public internal(set) var reading: Reading?
    /// The last finished attempt; `nil` until there was one.
    public internal(set) var lastAttempt: Attempt?
    /// How many attempts have failed since the last success.
    public internal(set) var consecutiveFailures = 0
    /// How long the refresher waits between the last attempt and the next.
    public internal(set) var wait = Duration.zero
    /// How many attempts have finished.
    public internal(set) var attempts: UInt64 = 0

    /// Nothing has been attempted yet.
    public init() {}
}

/// Why an attempt failed.
public enum RefreshFailure<Failure: Error & Sendable>: Error, Sendable {
    /// The fetch said so.
    case fetch(Failure)
    /// The fetch had not finished when its time was over; it was cancelled.
    case deadlineExceeded
}

extension RefreshFailure: Equatable where Failure: Equatable {}

extension RefreshState {
    /// This state after one more attempt.
    func after(
        _ outcome: Result<Value, RefreshFailure<Failure>>,
        started: Instant,
        finished: Instant,
        sinceEpoch: Duration,
        wait: (_ failures: Int) -> Duration
    ) -> Self {
        var next = self
        switch outcome {
        case .success(let value):
            next.reading = Reading(value: value, instant: finished, sinceEpoch: sinceEpoch)
            next.lastAttempt = Attempt(started: started, finished: finished, failure: nil)
            next.consecutiveFailures = 0
        case .failure(let failure):
            next.lastAttempt = Attempt(started: started, finished: finished, failure: failure)
            next.consecutiveFailures = consecutiveFailures == .max ? .max : consecutiveFailures + 1
        }
        next.attempts &+= 1
        next.wait = wait(next.consecutiveFailures)
        return next
    }
}
