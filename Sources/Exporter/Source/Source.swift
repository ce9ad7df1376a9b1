/// Something that is asked again and again for what it knows: the agent today, any other endpoint tomorrow. Where it is and how
/// its answers are read is its own matter; when it is asked is the poller's.
protocol Source: Sendable {
    associatedtype Reading: Sendable

    /// Asks once. Ends soon after its task has been cancelled.
    func poll() async throws(PollFailure) -> Reading

    /// Whether it could be asked: anybody takes a connection, and what makes us known is at hand. The next poll uses the
    /// connection, so this costs the source nothing.
    func isListening() async -> Bool

    func close() async
}
