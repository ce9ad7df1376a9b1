import CSQLite

/// A prepared statement, with what is bound to it. It belongs to the thread that its database belongs to.
@safe package final class Statement {
    private let handle: OpaquePointer
    private let database: Database

    init(_ handle: OpaquePointer, of database: Database) {
        unsafe self.handle = handle
        self.database = database
    }

    deinit {
        _ = unsafe sqlite3_finalize(handle)
    }

    // MARK: Parameters, counted from 1 as in SQL

    package var parameters: Int { Int(unsafe sqlite3_bind_parameter_count(handle)) }

    package func bind(_ value: Int64?, at parameter: Int32) throws(SQLiteError) {
        guard let value else { return try check(unsafe sqlite3_bind_null(handle, parameter)) }
        try check(unsafe sqlite3_bind_int64(handle, parameter, value))
    }

    package func bind(_ value: String?, at parameter: Int32) throws(SQLiteError) {
        guard var value else { return try check(unsafe sqlite3_bind_null(handle, parameter)) }
        let code = value.withUTF8 { unsafe bind(UnsafeRawBufferPointer($0), at: parameter) }
        try check(code)
    }

    /// Text in UTF-8.
    package func bind(text bytes: [UInt8], at parameter: Int32) throws(SQLiteError) {
        let code = unsafe bytes.withUnsafeBytes { unsafe bind($0, at: parameter) }
        try check(code)
    }

    private func bind(_ bytes: UnsafeRawBufferPointer, at parameter: Int32) -> Int32 {
        /// SQLITE_TRANSIENT, which C writes as a cast: SQLite takes a copy.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let text = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
        guard let text = unsafe text else { return unsafe sqlite3_bind_text(handle, parameter, "", 0, copied) }
        return unsafe sqlite3_bind_text64(handle, parameter, text, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
    }

    // MARK: Running

    /// To the next row.
    /// - Returns: false behind the last one; the statement may then be run again.
    package func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            _ = unsafe sqlite3_reset(handle)
            return false
        default:
            let error = database.lastError
            _ = unsafe sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs what returns no rows.
    package func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Lets go of the row that it stands on. What is bound stays.
    package func reset() {
        _ = unsafe sqlite3_reset(handle)
    }

    // MARK: Columns of the row, counted from 0 as in SQLite

    package func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    package func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    /// Nil for null.
    package func text(_ column: Int32) -> String? {
        isNull(column) ? nil : unsafe withText(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a text; none for null.
    package func bytes(_ column: Int32) -> [UInt8] {
        unsafe withText(column) { unsafe [UInt8]($0) }
    }

    private func withText<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let text = unsafe sqlite3_column_text(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe body(UnsafeBufferPointer(start: text, count: text == nil ? 0 : count))
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw database.lastError }
    }
}
