/// One series that goes up and down. Every operation is lock-free and allocates nothing.
public final class Gauge: Instrument {
    private let current = AtomicDouble()

    public init() {}

    public func set(_ value: Double) { current.set(value) }

    public func increment(by amount: Double = 1) { current.add(amount) }

    public func decrement(by amount: Double = 1) { current.add(-amount) }

    public var value: Double { current.value }

    public var reading: Sample.Value { .number(value) }
}
