/// The states that something can be in, in the order in which they are printed.
public struct States: Sendable, Hashable {
    /// What the states are called.
    public let names: [String]

    /// States of these names: any text, but at least one, and none twice.
    public init(_ names: [String]) throws(MetricsError) {
        // Compared as they are printed: two spellings of `é` are two states to a reader.
        let isDistinct = Set(names.map { Array($0.utf8) }).count == names.count
        guard !names.isEmpty, isDistinct else { throw .invalidStates(names) }
        self.names = names
    }
}

/// Which states are on at one moment.
public struct StatesReading: Sendable, Hashable {
    /// The states that there are.
    public let states: States
    /// Of each state, whether it is on. Any number of them may be.
    public let isOn: [Bool]

    /// A reading with one answer per state.
    public init(states: States, isOn: [Bool]) throws(MetricsError) {
        let expected = states.names.count
        guard isOn.count == expected else { throw .stateCount(expected: expected, given: isOn.count) }
        self.states = states
        self.isOn = isOn
    }

    /// One state on, or none: a position beyond the last is no state.
    init(states: States, current: Int) {
        self.states = states
        isOn = states.names.indices.map { $0 == current }
    }
}
