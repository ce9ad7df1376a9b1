import CSQLite

/// A connection to a database in a file, used by one thread at a time. It is closed when nobody has it or a statement of it.
@safe package final class Database {
    package enum Mode {
        /// The file has to be there.
        case readWrite
        case readOnly
    }

    /// Once in a process, before anything else: SQLite counts no memory, so that threads do not wait for each other's count.
    private static let isConfigured = agent_sqlite_count_no_memory() == SQLITE_OK

    private let handle: OpaquePointer

    /// - Parameters:
    ///   - path: no part of it may be a symbolic link.
    ///   - busyTimeout: how long a statement waits for others who have the file; whole seconds, an hour at most.
    package init(_ path: String, mode: Mode, busyTimeout: Duration) throws(SQLiteError) {
        _ = Self.isConfigured
        let access = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            path,
            &opened,
            access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
            nil
        )
        guard let handle = unsafe opened else { throw SQLiteError(code: SQLITE_NOMEM, message: "out of memory") }
        unsafe self.handle = handle
        if code != SQLITE_OK { throw unsafe Self.error(of: handle) }
        _ = unsafe sqlite3_busy_timeout(handle, Int32(min(max(busyTimeout.components.seconds, 0), 3600)) * 1000)
    }

    deinit {
        // It lives on until the last statement is finalised.
        _ = unsafe sqlite3_close_v2(handle)
    }

    /// Runs statements that return nothing.
    package func execute(_ sql: String) throws(SQLiteError) {
        if unsafe sqlite3_exec(handle, sql, nil, nil, nil) != SQLITE_OK { throw lastError }
    }

    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let statement = unsafe prepared else { throw lastError }
        return unsafe Statement(statement, of: self)
    }

    /// The first column of the first row; nil when there is none or it is null.
    package func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        guard try statement.step(), !statement.isNull(0) else { return nil }
        return statement.integer(0)
    }

    package func text(_ sql: String) throws(SQLiteError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Everything, or nothing when one of it fails.
    package func transaction<Result>(
        _ begin: StaticString = "BEGIN IMMEDIATE",
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try execute("\(begin)")
        do throws(SQLiteError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Some failures have ended the transaction already.
    package func rollBack() {
        if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
    }

    var lastError: SQLiteError { unsafe Self.error(of: handle) }

    private static func error(of handle: OpaquePointer) -> SQLiteError {
        unsafe SQLiteError(
            code: sqlite3_extended_errcode(handle),
            message: sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "unknown error"
        )
    }
}
