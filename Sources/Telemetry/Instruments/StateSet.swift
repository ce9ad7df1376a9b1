import Synchronization

/// What can be the states of a `StateSet`: an enumeration of strings with `CaseIterable` is enough.
public typealias StateSetState = CaseIterable & RawRepresentable<String> & Sendable

/// One thing that is in one of several states, which are the cases of an enumeration. Setting it is lock-free and allocates
/// nothing.
///
/// There is a series for each state from the start; that of the current state is 1.
public final class StateSet<State: StateSetState>: Instrument {
    private let states: States
    private let current: Atomic<Int>

    /// In no state yet, unless an initial one is given. Throws if two cases have the same raw value, or if there are none.
    public convenience init(initial: State? = nil) throws(MetricsError) {
        self.init(try Self.states(), initial: initial)
    }

    init(_ states: States, initial: State?) {
        self.states = states
        current = Atomic(Self.position(of: initial))
    }

    /// The cases as states, checked.
    static func states() throws(MetricsError) -> States { try States(State.allCases.map(\.rawValue)) }

    /// From now on it is in this state and in no other.
    public func set(to state: State) { current.store(Self.position(of: state), ordering: .relaxed) }

    /// The state that it is in; `nil` until it was set.
    public var state: State? {
        let position = current.load(ordering: .relaxed)
        for (index, state) in State.allCases.enumerated() where index == position { return state }
        return nil
    }

    /// All states, of which at most one is on.
    public var reading: Sample.Value {
        .states(StatesReading(states: states, current: current.load(ordering: .relaxed)))
    }

    /// Where the state stands among all; -1 for none.
    private static func position(of state: State?) -> Int {
        guard let state else { return -1 }
        for (index, other) in State.allCases.enumerated() where other.rawValue == state.rawValue { return index }
        return -1
    }
}
