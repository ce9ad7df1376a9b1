/// Something that has happened to a pipeline, as its log keeps it.
public struct PipelineEvent: Sendable, Hashable {
    /// The pipeline that it has happened to.
    public let pipelineId: String
    /// Its place in the pipeline's log: the first event is 1, and none is left out.
    public let number: UInt64
    /// When it was stored, since 1970.
    public let time: Duration
    /// What it was.
    public let change: PipelineChange

    /// An event that was kept somewhere else.
    public init(pipelineId: String, number: UInt64, time: Duration, change: PipelineChange) {
        self.pipelineId = pipelineId
        self.number = number
        self.time = time
        self.change = change
    }
}
