/// One series that counts observations in fixed buckets. Observing is lock-free and allocates nothing.
///
/// A reading taken while others observe has every finished observation in its buckets; the sum may be ahead or behind by
/// those that are just being made.
public final class Histogram: Instrument {
    private let buckets: Buckets
    private let counts: AtomicArray
    private let sum = AtomicDouble()

    /// A histogram that has observed nothing.
    public init(buckets: Buckets = .durations) {
        self.buckets = buckets
        counts = AtomicArray(count: buckets.bounds.count + 1)
    }

    /// Counts a value. NaN is counted above all bounds and left out of the sum, which it would spoil for ever.
    /// Infinities of both signs have no sum: it is NaN from then on, as in Prometheus' own libraries.
    public func observe(_ value: Double) {
        counts.increment(at: buckets.index(of: value))
        if !value.isNaN { sum.add(value) }
    }

    /// Counts a duration in seconds.
    public func observe(_ duration: Duration) {
        observe(duration / .seconds(1))
    }

    /// Does some work and counts how long it took in seconds, whether it succeeds or throws.
    public func time<Value: ~Copyable, Failure: Error>(
        by clock: some Clock<Duration> = ContinuousClock(),
        _ work: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let began = clock.now
        defer { observe(began.duration(to: clock.now)) }
        return try work()
    }

    /// Does some work that waits, and counts how long it took in seconds, the waiting included.
    public func time<Value: ~Copyable, Failure: Error>(
        by clock: some Clock<Duration> = ContinuousClock(),
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let began = clock.now
        defer { observe(began.duration(to: clock.now)) }
        return try await work()
    }

    /// What was observed until now, as a sample has it.
    public var reading: Sample.Value {
        .histogram(HistogramReading(checked: buckets, counts: counts.values, sum: sum.value))
    }
}
