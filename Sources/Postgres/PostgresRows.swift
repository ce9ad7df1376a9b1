import CPostgres

/// What a statement has returned.
@safe package final class PostgresRows {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQclear(handle)
    }

    package var count: Int { Int(unsafe PQntuples(handle)) }

    /// Columns of each row.
    package var width: Int { Int(unsafe PQnfields(handle)) }

    /// Rows that the statement has changed, added or copied.
    package var affected: Int { Int(unsafe String(cString: PQcmdTuples(handle))) ?? 0 }

    /// The statement's first word, as the server has understood it.
    var command: String {
        let status = unsafe String(cString: PQcmdStatus(handle))
        return String(status.prefix { $0 != " " })
    }

    // MARK: Columns of a row, both counted from 0

    /// Nil for null, and for what is not there.
    package func text(_ row: Int, _ column: Int) -> String? {
        let (row, column) = (Int32(clamping: row), Int32(clamping: column))
        guard unsafe row >= 0 && row < PQntuples(handle) && column >= 0 && column < PQnfields(handle),
            unsafe PQgetisnull(handle, row, column) == 0
        else { return nil }
        return unsafe String(cString: PQgetvalue(handle, row, column))
    }

    /// Nil for what is no such number, too.
    package func integer(_ row: Int, _ column: Int) -> Int64? { text(row, column).flatMap { Int64($0) } }

    // MARK: Failures

    var isFailure: Bool {
        switch unsafe PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN: false
        default: true
        }
    }

    /// Nil when the server has not said why.
    var error: PostgresError? {
        guard let message = field("M") else { return nil }
        return PostgresError(state: field("C") ?? "", message: message)
    }

    /// One of the fields of an error (section 55.8 of the manual): PG_DIAG_SQLSTATE is C, PG_DIAG_MESSAGE_PRIMARY is M. What is told
    /// besides may hold a whole row.
    private func field(_ code: Unicode.Scalar) -> String? {
        let text = unsafe PQresultErrorField(handle, Int32(code.value))
        return unsafe text.map { unsafe String(cString: $0) }
    }
}
