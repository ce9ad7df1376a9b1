/// The one place that knows what each kind prints, and what of it OpenMetrics forbids: its specification 1.0.0, section "Metric
/// Types", as prometheus_client's strict parser reads it.
extension MetricFamily {
    /// The family line by line, as every encoder writes it.
    public var series: [Series] {
        var all: [Series] = []
        all.reserveCapacity(samples.count)
        forEachSeries { all.append(copy $0) }
        return all
    }

    /// Derives one line after the other, without a list of them.
    @inline(__always)
    func forEachSeries(_ body: (borrowing Series) -> Void) {
        let isFree = descriptor.lacksSuffix
        switch descriptor.kind {
        case .gauge, .unknown:
            forEachNumber(body) { _ in true }
        case .counter:
            // No counter is negative or NaN.
            forEachNumber(body) { isFree || $0 >= 0 }
        case .info:
            forEachFact(body) { isFree || $0 == 1 }
        case .stateset:
            forEachState(body)
        case .histogram:
            // A sum that can go down is no counter.
            forEachBucket(body) { $0.sum >= 0 && !$0.buckets.reachBelowZero }
        case .gaugehistogram:
            // A sum can only be negative if something in it can.
            forEachBucket(body) { $0.sum >= 0 || ($0.sum < 0 && $0.buckets.reachBelowZero) }
        case .summary:
            forEachQuantile(body)
        }
    }

    @inline(__always)
    private func forEachNumber(_ body: (borrowing Series) -> Void, isAllowedInOpenMetrics: (Double) -> Bool) {
        let name = descriptor.seriesNames[0]
        for sample in samples {
            guard case .number(let value) = sample.value else { continue }
            body(Series(name, of: sample, .number(value), isAllowedInOpenMetrics: isAllowedInOpenMetrics(value)))
        }
    }

    /// Facts have no time: a strict reader takes all samples of an info for one group, in which all have a time or none has.
    private func forEachFact(_ body: (borrowing Series) -> Void, isAllowedInOpenMetrics: (Double) -> Bool) {
        let name = descriptor.seriesNames[0]
        for sample in samples {
            guard case .number(let value) = sample.value else { continue }
            let fact = Sample(value, labels: sample.labels)
            body(Series(name, of: fact, .number(value), isAllowedInOpenMetrics: isAllowedInOpenMetrics(value)))
        }
    }

    /// A sample that has the state set's own label already cannot be told in any format.
    private func forEachState(_ body: (borrowing Series) -> Void) {
        let name = descriptor.seriesNames[0]
        for sample in samples {
            guard case .states(let reading) = sample.value else { continue }
            guard !sample.labels.pairs.contains(where: { $0.name == descriptor.name }) else { continue }
            for (state, isOn) in zip(reading.states.names, reading.isOn) {
                let label = Labels(checkedName: descriptor.name, value: state)
                body(Series(name, of: sample, .number(isOn ? 1 : 0), extra: label))
            }
        }
    }

    /// Where the sum is forbidden its count is, too; `le="+Inf"` still has it.
    @inline(__always)
    private func forEachBucket(_ body: (borrowing Series) -> Void, hasSum: (HistogramReading) -> Bool) {
        let (bucket, sum, count) = (descriptor.seriesNames[0], descriptor.seriesNames[1], descriptor.seriesNames[2])
        for sample in samples {
            guard case .histogram(let reading) = sample.value else { continue }
            var total: UInt64 = 0
            for (added, bound) in zip(reading.counts, reading.buckets.labels) {
                // More than can be counted stays the most that can: what went round would be out of order.
                let (next, isOver) = total.addingReportingOverflow(added)
                total = isOver ? .max : next
                body(Series(bucket, of: sample, .count(total), extra: bound))
            }
            let isAllowedInOpenMetrics = hasSum(reading)
            body(Series(sum, of: sample, .number(reading.sum), isAllowedInOpenMetrics: isAllowedInOpenMetrics))
            body(Series(count, of: sample, .count(total), isAllowedInOpenMetrics: isAllowedInOpenMetrics))
        }
    }

    /// No quantile is negative, and no sum that can go down is a counter.
    private func forEachQuantile(_ body: (borrowing Series) -> Void) {
        let (plain, sum, count) = (descriptor.seriesNames[0], descriptor.seriesNames[1], descriptor.seriesNames[2])
        for sample in samples {
            guard case .summary(let reading) = sample.value else { continue }
            var canFall = false
            for (value, rank) in zip(reading.values, reading.quantiles.labels) {
                if value < 0 { canFall = true }
                body(Series(plain, of: sample, .number(value), extra: rank, isAllowedInOpenMetrics: !(value < 0)))
            }
            body(Series(sum, of: sample, .number(reading.sum), isAllowedInOpenMetrics: reading.sum >= 0 && !canFall))
            body(Series(count, of: sample, .count(reading.count)))
        }
    }
}

extension Series {
    @inline(__always)
    fileprivate init(
        _ name: SeriesName,
        of sample: Sample,
        _ value: Value,
        extra: Labels? = nil,
        isAllowedInOpenMetrics: Bool = true
    ) {
        self.init(
            seriesName: name,
            labels: sample.labels,
            extra: extra,
            value: value,
            instant: sample.instant,
            isAllowedInOpenMetrics: isAllowedInOpenMetrics
        )
    }
}
