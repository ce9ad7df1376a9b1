import Postgres

/// Why the database has not answered, for whoever has asked: nothing of where it is and who asks it.
package enum HistoryAbsence: Error, Sendable, Hashable {
    /// This hub has no database.
    case none
    /// There is no connection.
    case unreachable
    /// It takes too long.
    case slow
    /// More queries wait than may.
    case busy
    case forbidden
    /// Nobody has made its tables, or written there what this hub has.
    case unprepared
    case refused(state: String)

    init(_ error: PostgresError) {
        switch error.kind {
        case .connection, .resolution: self = .unreachable
        case .brokenOff, .conflict: self = .slow
        case .permission: self = .forbidden
        case .configuration: self = .unprepared
        case .row, .other: self = .refused(state: error.state)
        }
    }

    var sentence: String {
        switch self {
        case .none: "this hub has no PostgreSQL"
        case .unreachable: "PostgreSQL cannot be reached"
        case .slow: "PostgreSQL has not answered in time"
        case .busy: "as many queries wait for PostgreSQL as may"
        case .forbidden: "PostgreSQL does not let this hub in, or read"
        case .unprepared: "the tables in PostgreSQL are not ready"
        case .refused(let state): "PostgreSQL has refused the query\(state.isEmpty ? "" : " (SQLSTATE \(state))")"
        }
    }
}
