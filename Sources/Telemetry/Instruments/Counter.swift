import Synchronization

/// One series that only goes up. Incrementing is lock-free and allocates nothing.
public final class Counter: Instrument {
    private let whole = Atomic<UInt64>(0)
    private let fraction = AtomicDouble()

    /// A counter at zero.
    public init() {}

    /// Adds one.
    public func increment() {
        whole.wrappingAdd(1, ordering: .relaxed)
    }

    /// Adds a whole amount; a negative one is ignored, for a counter never goes down.
    public func increment(by amount: Int) {
        guard let amount = UInt64(exactly: amount) else { return }
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Adds any amount; a negative one, an infinity and NaN are ignored.
    public func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        if let amount = UInt64(exactly: amount) {
            whole.wrappingAdd(amount, ordering: .relaxed)
        } else {
            fraction.add(amount)
        }
    }

    /// What was counted until now.
    public var value: Double {
        Double(whole.load(ordering: .relaxed)) + fraction.value
    }

    /// The value as a sample has it.
    public var reading: Sample.Value { .number(value) }
}
