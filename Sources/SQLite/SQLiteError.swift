import CSQLite

/// What SQLite refused, in its own words.
package struct SQLiteError: Error, Hashable, CustomStringConvertible {
    /// What is to be done about it: SQLite has a hundred codes, and these are told apart.
    package enum Kind: Sendable, Hashable {
        case busy
        /// The disk has no room, or the file is as large as it may be.
        case full
        case readOnly
        case cannotOpen
        /// What is in the file cannot be right.
        case corrupt
        case notADatabase
        /// The disk, or what is between it and us.
        case io
        case other
    }

    package let kind: Kind
    /// SQLite's extended code.
    package let code: Int32
    package let message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
        kind =
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_CANTOPEN: .cannotOpen
            case SQLITE_CORRUPT: .corrupt
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_IOERR: .io
            default: .other
            }
    }

    package var description: String { "\(message) (SQLite's code \(code))" }
}
