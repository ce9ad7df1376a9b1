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

    /// Makes what is always 1 and says something in its labels.
    ///
    /// - Parameter form: a gauge under its own name, unless it is to be OpenMetrics' info, whose name ends in `_info`.
    public func info(
        _ name: String,
        help: String,
        labels: [String],
        form: Info.Form = .gauge
    ) throws(MetricsError) -> Info {
        for label in labels { try NameRules.checkLabel(label) }
        try Labels.checkUnique(labels)
        let descriptor = try MetricDescriptor(name, kind: form.kind, help: help)
        let info = Info(name: descriptor.name, labelNames: labels)
        try add(descriptor) { info.sample.map { [$0] } ?? [] }
        return info
    }

    /// Makes a state set without labels: `stateSet("door", help: "…", of: DoorState.self)`.
    ///
    /// - Parameter initial: the state that it is in until it is set; in none if there is none here.
    public func stateSet<State: StateSetState>(
        _ name: String,
        help: String,
        of: State.Type = State.self,
        initial: State? = nil
    ) throws(MetricsError) -> StateSet<State> {
        let states = try StateSet<State>(initial: initial)
        try add(MetricDescriptor(name, kind: .stateset, help: help)) { [Sample(states.reading)] }
        return states
    }

    /// Makes a state set with labels, none of which may have its name.
    public func stateSet<State: StateSetState>(
        _ name: String,
        help: String,
        of: State.Type = State.self,
        initial: State? = nil,
        labels: [String],
        limit: Int = Registry.defaultSeriesLimit
    ) throws(MetricsError) -> Labeled<StateSet<State>> {
        let descriptor = try MetricDescriptor(name, kind: .stateset, help: help)
        if labels.contains(descriptor.name) { throw .stateSetLabelName(descriptor.name) }
        let states = try StateSet<State>.states()
        return try labeled(descriptor, labels: labels, limit: limit) { StateSet(states, initial: initial) }
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
