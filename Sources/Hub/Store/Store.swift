package import AsyncHTTP

/// Where reports are kept, and asked for.
package protocol Store: Sendable {
    /// What it is called where it is counted.
    var name: String { get }

    /// What followers read; nil where nothing lasts.
    var log: Log? { get }

    /// Keeps a report, or recognises it as one that is kept. It returns when it is as safe as this store makes it.
    func append(_ report: Report) async throws(LogError) -> Appended

    /// The newest samples that are asked for, made into something where no request waits for it.
    func answer<Value: Sendable>(
        _ query: LogQuery,
        as make: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value

    /// Notes that a component may report where only registered ones may.
    func register(_ component: Component, at moment: Int64) async throws(LogError)

    func deregister(_ component: Component) async throws(LogError)

    /// Who was registered when the program ended last. Blocks, so it is called off the loops.
    func registered() throws(LogError) -> [Component]

    /// Reports that are still exported at a moment, in their order; none at the end. Blocks.
    ///
    /// - Parameters:
    ///   - ttl: of reports that do not say.
    ///   - sequence: of the last one that was returned; 0 for the beginning.
    func unexpired(at moment: Int64, ttl: Duration, after sequence: Int64) throws(LogError) -> [LoggedReport]

    /// Drops what has been kept long enough.
    func tidy(at moment: Int64) async throws(LogError)

    /// Tells those who have waited too long that it does not keep up.
    func endOverdue(at now: MonotonicInstant)

    /// Reports that wait to be kept.
    var backlog: Int { get }

    /// What it takes.
    var size: ByteCount { get }

    /// Whether the last report was refused for want of room.
    var isFull: Bool { get }

    /// What a program does when nobody reports any more. To be called off the loops.
    func close()
}

extension Store {
    package var log: Log? { nil }
}
