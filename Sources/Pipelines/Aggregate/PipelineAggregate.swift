/// A pipeline that is told what to do: it decides, stores what has happened, and lets it be counted.
///
/// Its log is in memory, and bounded: a snapshot and the events since then. An event is counted when it is stored. One that
/// is replayed was counted by whoever has stored it.
public actor PipelineAggregate {
    /// The pipeline as the events have made it.
    public private(set) var pipeline: Pipeline
    /// Its log. An aggregate made from it is in the same state.
    public private(set) var history: PipelineHistory

    private let meter: PipelineMeter?
    private let limits: PipelineHistoryLimits
    private nonisolated let residence: Residence

    /// Where it runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe residence.unownedExecutor }

    /// A pipeline that was not created yet.
    ///
    /// - Parameters:
    ///   - meter: counts what happens; the one that `MetricsReporter` was started with unless another is given, and none if
    ///     it is nil.
    ///   - executor: where it runs, such as an event loop's; Swift's own pool if there is none.
    public init(
        _ pipelineId: String,
        meter: PipelineMeter? = MetricsReporter.meter,
        limits: PipelineHistoryLimits = PipelineHistoryLimits(),
        executor: (any SerialExecutor)? = nil
    ) {
        self.init(
            replaying: PipelineHistory(of: pipelineId),
            meter: meter,
            limits: limits,
            executor: executor
        )
    }

    /// A pipeline as its log has it. Its state is shown from now on; nothing is counted.
    public init(
        replaying history: PipelineHistory,
        meter: PipelineMeter? = MetricsReporter.meter,
        limits: PipelineHistoryLimits = PipelineHistoryLimits(),
        executor: (any SerialExecutor)? = nil
    ) {
        let pipeline = history.pipeline
        var history = history
        history.shorten(to: limits.keptEvents)
        self.pipeline = pipeline
        self.history = history
        self.meter = meter
        self.limits = limits
        residence = Residence(executor)
        if pipeline.state != .empty { meter?.setState(pipelineId: pipeline.id, to: pipeline.state) }
    }

    /// What it is doing.
    public var state: PipelineState { pipeline.state }

    /// Does what is asked, or says why not.
    ///
    /// - Parameter time: the present moment, since 1970.
    @discardableResult
    public func handle(
        _ command: PipelineCommand,
        at time: Duration
    ) throws(PipelineRejection) -> PipelineEvent {
        for text in command.texts where text.value.utf8.count > limits.textBytes {
            throw .textTooLong(name: text.name, bytes: text.value.utf8.count, limit: limits.textBytes)
        }
        let change = try pipeline.decide(command)
        let state = pipeline.state
        let event = PipelineEvent(
            pipelineId: pipeline.id,
            number: pipeline.version &+ 1,
            time: time,
            change: change
        )
        history.append(event, keeping: limits.keptEvents)
        pipeline.apply(event)
        meter?.record(event, from: state, to: pipeline)
        return event
    }
}
