extension Registry {
    /// Makes a counter without labels. `_total` may be left out of the name; samples have it in every format.
    public func counter(_ name: String, help: String, unit: String? = nil) throws(MetricsError) -> Counter {
        let counter = Counter()
        try add(MetricDescriptor(name, kind: .counter, help: help, unit: unit)) { [Sample(counter.reading)] }
        return counter
    }

    /// Makes a counter with labels.
    public func counter(
        _ name: String,
        help: String,
        unit: String? = nil,
        labels: [String],
        limit: Int = Registry.defaultSeriesLimit
    ) throws(MetricsError) -> Labeled<Counter> {
        let descriptor = try MetricDescriptor(name, kind: .counter, help: help, unit: unit)
        return try labeled(descriptor, labels: labels, limit: limit) { Counter() }
    }

    /// Makes a gauge without labels.
    public func gauge(_ name: String, help: String, unit: String? = nil) throws(MetricsError) -> Gauge {
        let gauge = Gauge()
        try add(MetricDescriptor(name, kind: .gauge, help: help, unit: unit)) { [Sample(gauge.reading)] }
        return gauge
    }

    /// Makes a gauge with labels.
    public func gauge(
        _ name: String,
        help: String,
        unit: String? = nil,
        labels: [String],
        limit: Int = Registry.defaultSeriesLimit
    ) throws(MetricsError) -> Labeled<Gauge> {
        let descriptor = try MetricDescriptor(name, kind: .gauge, help: help, unit: unit)
        return try labeled(descriptor, labels: labels, limit: limit) { Gauge() }
    }

    /// Adds a gauge that is read when it is rendered. It is absent while `read` returns `nil`.
    public func gauge(
        _ name: String,
        help: String,
        unit: String? = nil,
        read: @escaping @Sendable () -> Double?
    ) throws(MetricsError) {
        try add(MetricDescriptor(name, kind: .gauge, help: help, unit: unit)) { read().map { [Sample($0)] } ?? [] }
    }

    /// Makes a histogram without labels.
    public func histogram(
        _ name: String,
        help: String,
        unit: String? = nil,
        buckets: Buckets = .durations
    ) throws(MetricsError) -> Histogram {
        let histogram = Histogram(buckets: buckets)
        try add(MetricDescriptor(name, kind: .histogram, help: help, unit: unit)) { [Sample(histogram.reading)] }
        return histogram
    }

    /// Makes a histogram with labels.
    public func histogram(
        _ name: String,
        help: String,
        unit: String? = nil,
        buckets: Buckets = .durations,
        labels: [String],
        limit: Int = Registry.defaultSeriesLimit
    ) throws(MetricsError) -> Labeled<Histogram> {
        let descriptor = try MetricDescriptor(name, kind: .histogram, help: help, unit: unit)
        return try labeled(descriptor, labels: labels, limit: limit) { Histogram(buckets: buckets) }
    }

    /// Makes a gauge that is always 1 and says something in its labels.
    public func info(_ name: String, help: String, labels: [String]) throws(MetricsError) -> Info {
        for label in labels { try NameRules.checkLabel(label) }
        try Labels.checkUnique(labels)
        let info = Info(name: name, labelNames: labels)
        try add(MetricDescriptor(name, kind: .gauge, help: help)) { info.sample.map { [$0] } ?? [] }
        return info
    }

    private func labeled<Child: Instrument>(
        _ descriptor: MetricDescriptor,
        labels: [String],
        limit: Int,
        make: @escaping @Sendable () -> Child
    ) throws(MetricsError) -> Labeled<Child> {
        let family = try Labeled(name: descriptor.name, labelNames: labels, limit: limit, make: make)
        try add(descriptor) { family.samples }
        return family
    }
}
