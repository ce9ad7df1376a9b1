/// What PostgreSQL or its library refused, and what is to be done about it. It holds no password.
package struct PostgresError: Error, Hashable, CustomStringConvertible {
    /// What is told apart; the five characters of SQLSTATE say the rest.
    package enum Kind: Sendable, Hashable {
        /// What was given as the server's address cannot be right.
        case configuration
        /// A name has no address, or nobody says it in time.
        case resolution
        /// There is no connection, or it has ended.
        case connection
        /// It was broken off here, for it took too long or nobody waits any more.
        case brokenOff
        /// A value or row that the server will not have, however often it is sent.
        case row
        /// Others were in the way: the same again may go well.
        case conflict
        /// This user may not.
        case permission
        case other
    }

    package let kind: Kind
    /// The server's code (appendix A of its manual); empty when the server has not spoken.
    package let state: String
    package let message: String

    package init(_ kind: Kind, state: String = "", _ message: String) {
        self.kind = kind
        self.state = state
        self.message = message
    }

    /// What the server answered.
    init(state: String, message: String) {
        self.init(Self.kind(of: state), state: state, message)
    }

    package var description: String { state.isEmpty ? message : "\(message) (SQLSTATE \(state))" }

    /// Classes are the first two characters: 08 connection, 22 data, 23 integrity, 40 rollback, 54 limits, 57 intervention,
    /// P0 raised by a trigger.
    private static func kind(of state: String) -> Kind {
        switch (state.prefix(2), state) {
        case (_, "42501"), ("28", _): .permission
        case (_, "57014"), (_, "55P03"), ("40", _): .conflict
        case ("08", _), ("57", _), (_, "25P03"): .connection
        case ("22", _), ("23", _), ("54", _), ("P0", _): .row
        default: .other
        }
    }
}
