/// The log of a pipeline in memory: what it was at some event, and all events since then.
public struct PipelineHistory: Sendable, Hashable {
    /// The pipeline before the first of `events`.
    public private(set) var snapshot: Pipeline
    /// In the order of their numbers, without a gap.
    public private(set) var events: [PipelineEvent] = []

    /// Nothing has happened to a pipeline yet.
    public init(of pipelineId: String) { snapshot = Pipeline(id: pipelineId) }

    /// A log that was kept somewhere else. Throws if it is not that of one pipeline, complete and in order.
    public init(snapshot: Pipeline, events: [PipelineEvent]) throws(PipelineHistoryError) {
        self.snapshot = snapshot
        var last = snapshot.version
        for event in events {
            guard event.pipelineId == snapshot.id else {
                throw .foreignEvent(pipelineId: event.pipelineId, expected: snapshot.id)
            }
            guard event.number == last &+ 1 else { throw .outOfOrder(number: event.number, expected: last &+ 1) }
            last = event.number
        }
        self.events = events
    }

    /// The pipeline after the last event.
    public var pipeline: Pipeline { events.reduce(into: snapshot) { $0.apply($1) } }

    /// Keeps one more event, whose number must be the next.
    mutating func append(_ event: PipelineEvent, keeping limit: Int) {
        events.append(event)
        shorten(to: limit)
    }

    /// Makes the oldest events part of the snapshot when there are twice as many as are to be kept.
    mutating func shorten(to limit: Int) {
        let kept = max(limit, 1)
        guard events.count / 2 >= kept else { return }
        for event in events.dropLast(kept) { snapshot.apply(event) }
        events.removeFirst(events.count - kept)
    }
}

/// Why events are not the log of a pipeline.
public enum PipelineHistoryError: Error, Sendable, Hashable {
    /// An event of another pipeline.
    case foreignEvent(pipelineId: String, expected: String)
    /// An event is missing, or there twice.
    case outOfOrder(number: UInt64, expected: UInt64)
}

extension PipelineHistoryError: CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .foreignEvent(let pipelineId, let expected):
            "an event of '\(pipelineId)' is in the log of '\(expected)': give the events of one pipeline"
        case .outOfOrder(let number, let expected):
            "event \(number) stands where \(expected) should: give all events since the snapshot, in order"
        }
    }
}
