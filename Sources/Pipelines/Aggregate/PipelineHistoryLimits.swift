/// How much of a pipeline's log stays in memory.
public struct PipelineHistoryLimits: Sendable, Hashable {
    /// How many of the last events are kept at least. At twice as many, the older half becomes part of the snapshot.
    public var keptEvents = 100
    /// How long a text of a command may be, in bytes of UTF-8. A command with a longer one is rejected.
    public var textBytes = 256

    /// The defaults; each field can be set.
    public init() {}
}
