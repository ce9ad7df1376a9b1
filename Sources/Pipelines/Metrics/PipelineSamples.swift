import Telemetry

/// Turns counts into the samples of all families, one pipeline after the other.
struct PipelineSamples {
    private let descriptors: [MetricDescriptor]
    private let buckets: Buckets
    private var samples = [[Sample]](repeating: [], count: PipelineFamily.allCases.count)
    private var pipelines: [PipelineState: Int] = [:]

    /// - Parameter capacity: how many pipelines there will be.
    init(_ descriptors: [MetricDescriptor], _ buckets: Buckets, capacity: Int) {
        self.descriptors = descriptors
        self.buckets = buckets
        for family in PipelineFamily.allCases {
            samples[family.rawValue].reserveCapacity(
                family == .state ? capacity * PipelineState.allCases.count : capacity
            )
        }
    }

    mutating func append(_ counts: PipelineCounts, recordsPerSecond: Double) {
        let labels = counts.labels.own
        add(counts.batchesProcessed, labels, to: .batchesProcessed)
        add(counts.batchTimeouts, labels, to: .batchTimeouts)
        add(counts.recordsProcessed, labels, to: .recordsProcessed)
        add(counts.recordsFailed, labels, to: .recordsFailed)
        add(counts.checkpointUpdates, labels, to: .checkpointUpdates)
        samples[PipelineFamily.throughput.rawValue].append(Sample(recordsPerSecond, labels: labels))
        if let reading = try? counts.batchTimes.reading(in: buckets) {
            samples[PipelineFamily.batchTimes.rawValue].append(Sample(.histogram(reading), labels: labels))
        }
        for entry in counts.transitions.entries { add(entry.count, entry.labels, to: .transitions) }
        for entry in counts.errors.entries {
            if entry.failures > 0 { add(entry.failures, entry.labels, to: .batchesFailed) }
            if entry.retries > 0 { add(entry.retries, entry.labels, to: .retries) }
        }
        if let state = counts.state { append(state, counts.stateLabels) }
    }

    /// Says that so many recordings have met a limit.
    mutating func append(overflowed count: Double, _ labels: Labels) {
        samples[PipelineFamily.overflowed.rawValue].append(Sample(count, labels: labels))
    }

    private mutating func append(_ current: PipelineState, _ labels: [Labels]) {
        pipelines[current, default: 0] += 1
        for (state, labels) in zip(PipelineState.allCases, labels) { add(state == current ? 1 : 0, labels, to: .state) }
    }

    private mutating func add(_ count: UInt64, _ labels: Labels, to family: PipelineFamily) {
        samples[family.rawValue].append(Sample(Double(count), labels: labels))
    }

    /// The families that have samples; those without labels always have one.
    consuming func families() -> [MetricFamily] {
        let totals: [(PipelineFamily, PipelineState)] = [
            (.running, .running), (.stopped, .stopped), (.paused, .paused), (.failed, .failed),
        ]
        for (family, state) in totals {
            samples[family.rawValue].append(Sample(Double(pipelines[state, default: 0])))
        }
        return zip(descriptors, samples).map { MetricFamily($0, samples: $1) }
    }
}
