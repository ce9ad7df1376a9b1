import Telemetry

/// What is counted of a pipeline by error code. Codes beyond the limit share one.
struct ErrorCounts: Sendable {
    /// What there is to count.
    enum Occasion {
        case failure
        case retry
    }

    /// The numbers of one code.
    struct Entry: Sendable {
        let labels: Labels
        fileprivate(set) var failures: UInt64 = 0
        fileprivate(set) var retries: UInt64 = 0
    }

    private let pipeline: PipelineLabels
    private var places: BoundedTable<Int>
    private(set) var entries: [Entry] = []

    init(of pipeline: PipelineLabels, limit: Int) {
        self.pipeline = pipeline
        places = BoundedTable(limit: limit)
    }

    /// True if the code has no series of its own.
    mutating func count(_ occasion: Occasion, code: String) -> Bool {
        let next = entries.count
        var added: Entry?
        let place = places.place(of: code) { name, _ in
            added = Entry(labels: pipeline.error(code: name))
            return next
        }
        if let added { entries.append(added) }
        switch occasion {
        case .failure: entries[place.value].failures.add(1)
        case .retry: entries[place.value].retries.add(1)
        }
        return place.isShared
    }
}
