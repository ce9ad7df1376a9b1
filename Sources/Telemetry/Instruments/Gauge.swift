/// One series that goes up and down. Every operation is lock-free and allocates nothing.
public final class Gauge: Instrument {
    private let current = AtomicDouble()

    /// A gauge at zero.
    public init() {}

    /// Makes it this value, whatever it was.
    public func set(_ value: Double) { current.set(value) }

    /// Adds an amount.
    public func increment(by amount: Double = 1) { current.add(amount) }

    /// Takes an amount away.
    public func decrement(by amount: Double = 1) { current.add(-amount) }

    /// What it is now.
    public var value: Double { current.value }

    /// The value as a sample has it.
    public var reading: Sample.Value { .number(value) }
}
