import Telemetry

/// How often a pipeline has gone from which state to which.
struct TransitionCounts: Sendable {
    /// One pair of states.
    struct Entry: Sendable {
        let from: PipelineState
        let to: PipelineState
        let labels: Labels
        fileprivate(set) var count: UInt64
    }

    private let pipeline: PipelineLabels
    /// There are few: a search is shorter than a hash.
    private(set) var entries: [Entry] = []

    init(of pipeline: PipelineLabels) { self.pipeline = pipeline }

    mutating func count(from: PipelineState, to: PipelineState) {
        for place in entries.indices where entries[place].from == from && entries[place].to == to {
            return entries[place].count.add(1)
        }
        entries.append(Entry(from: from, to: to, labels: pipeline.transition(from: from, to: to), count: 1))
    }
}
