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
