import AsyncHTTP
import SQLite

/// The file of a log, held by this process.
struct LogFile: ~Copyable, Sendable {
    /// Pages in the write-ahead log before they are copied into the file: those of the indexes change many times until then.
    private static let checkpoint = 4000
    /// How large the write-ahead log stays after a rush, in bytes.
    private static let journalLimit = 32 << 20

    private let lock: LockedFile
    private let configuration: LogConfiguration

    /// Opens it, or makes it.
    init(_ configuration: LogConfiguration) throws(LogError) {
        do throws(SystemError) {
            lock = try LockedFile.opening(configuration.path)
        } catch {
            throw LogError(error, configuration.path)
        }
        self.configuration = configuration
    }

    /// Where it is, without links.
    var place: String { lock.path }

    /// The connection that writes, when the file is a log that this version can write.
    func connect() throws(LogError) -> Database {
        try claim()
        let database = try LogError.naming(configuration.path) { () throws(SQLiteError) in
            let database = try Database(place, mode: .readWrite, busyTimeout: configuration.limits.patience)
            if try LogSchema.isBlank(database) { try LogSchema.create(in: database, identity: Self.newIdentity()) }
            return database
        }
        try LogSchema.check(database, path: configuration.path)
        try LogError.naming(configuration.path) { () throws(SQLiteError) in
            _ = try database.text("PRAGMA journal_mode = WAL")
            try database.execute(
                """
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = \(Self.checkpoint);
                PRAGMA journal_size_limit = \(Self.journalLimit);
                PRAGMA cache_size = -16384;
                """
            )
        }
        return database
    }

    /// Before SQLite puts anything beside it: what is somebody else's is left as it is.
    private func claim() throws(LogError) {
        let isOurs: Bool
        do throws(SystemError) {
            isOurs = LogSchema.mayBeOurs(beginning: try lock.beginning(LogSchema.beginning))
            if isOurs { try lock.restrict() }
        } catch {
            throw LogError(error, configuration.path)
        }
        if !isOurs { throw LogError(.foreign, configuration.path) }
    }

    /// A UUID of version 4 (RFC 9562).
    private static func newIdentity() -> String {
        let high = UInt64.random(in: 0 ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = UInt64.random(in: 0 ... .max) >> 2 | 0x8000_0000_0000_0000
        func digits(_ number: UInt64) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        var text = Array(digits(high) + digits(low))
        for place in [20, 16, 12, 8] { text.insert("-", at: place) }
        return String(text)
    }
}
