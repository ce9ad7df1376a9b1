package import AsyncHTTP
import CPostgres
import Glibc

/// A connection to a server, used by one thread at a time. Its calls block; another thread ends them with `breaker`.
@safe package final class PostgresConnection {
    let handle: OpaquePointer
    /// Ends whatever is going on, and the connection with it.
    package let breaker: SocketBreaker
    private var prepared = PreparedStatements()

    /// Looks up names, connects to the first server that takes us, and sets the session's limits.
    ///
    /// - Parameter made: told as soon as there is something to break off.
    package init(
        _ configuration: PostgresConfiguration,
        made: (SocketBreaker) -> Void = { _ in }
    ) throws(PostgresError) {
        let parameters = try configuration.connectionParameters()
        let connected = unsafe PostgresConfiguration.withParameters(parameters) { unsafe PQconnectdbParams($0, $1, 0) }
        guard let handle = unsafe connected else { throw PostgresError(.other, "out of memory") }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            defer { unsafe PQfinish(handle) }
            throw PostgresError(.connection, unsafe String(cString: PQerrorMessage(handle)).trimmed)
        }
        do throws(SystemError) {
            breaker = try SocketBreaker(of: unsafe PQsocket(handle))
        } catch {
            unsafe PQfinish(handle)
            throw PostgresError(.connection, error.description)
        }
        unsafe self.handle = handle
        // What the server remarks by the way is not for our standard error.
        _ = unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        made(breaker)
        try execute(configuration.session)
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// Of the server, as 150018.
    package var serverVersion: Int { Int(unsafe PQserverVersion(handle)) }

    /// Runs statements that return nothing, one after the other, in one transaction unless they say otherwise.
    package func execute(_ sql: String) throws(PostgresError) {
        _ = try unsafe result(of: PQexec(handle, sql))
    }

    /// Runs one statement with texts for `$1`, `$2` …; nil is null.
    @discardableResult
    package func query(_ sql: String, _ parameters: [String?] = []) throws(PostgresError) -> PostgresRows {
        try unsafe withTexts(parameters) { count, values in
            unsafe PQexecParams(handle, sql, count, nil, values, nil, nil, 0)
        }
    }

    /// The same for a statement that is run again and again: the server reads and plans it once, without the parameters.
    package func again(_ sql: String, _ parameters: [String?]) throws(PostgresError) -> PostgresRows {
        let name: String
        if let known = prepared.name(of: sql) { name = known } else { name = try prepare(sql) }
        return try unsafe withTexts(parameters) { count, values in
            unsafe PQexecPrepared(handle, name, count, values, nil, nil, 0)
        }
    }

    private func prepare(_ sql: String) throws(PostgresError) -> String {
        if prepared.isFull {
            try execute("DEALLOCATE ALL")
            prepared.forget()
        }
        let name = prepared.nextName()
        _ = try unsafe result(of: PQprepare(handle, name, sql, 0, nil))
        prepared.add(sql, as: name)
        return name
    }

    private func withTexts(
        _ parameters: [String?],
        _ body: (Int32, [UnsafePointer<CChar>?]) -> OpaquePointer?
    ) throws(PostgresError) -> PostgresRows {
        let texts = unsafe parameters.map { unsafe $0.flatMap { unsafe strdup($0) } }
        defer { unsafe texts.forEach { unsafe free($0) } }
        let values = unsafe texts.map { unsafe UnsafePointer($0) }
        return try unsafe result(of: body(Int32(clamping: values.count), values))
    }

    /// Everything, or nothing when one of it fails.
    package func transaction<Result>(_ body: () throws(PostgresError) -> Result) throws(PostgresError) -> Result {
        try execute("BEGIN")
        do throws(PostgresError) {
            let result = try body()
            // A transaction that has failed unseen is rolled back by COMMIT, without an error.
            guard try query("COMMIT").command == "COMMIT" else {
                throw PostgresError(.other, "the server has rolled the transaction back")
            }
            return result
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Notices that the server has ended the connection meanwhile. Nothing is asked of it, and nothing is waited for.
    package func check() throws(PostgresError) {
        guard unsafe PQconsumeInput(handle) == 1, unsafe PQstatus(handle) == CONNECTION_OK else { throw lastError }
    }

    func result(of outcome: OpaquePointer?) throws(PostgresError) -> PostgresRows {
        guard let outcome = unsafe outcome else { throw lastError }
        let rows = unsafe PostgresRows(outcome)
        if rows.isFailure { throw rows.error.map(refined) ?? lastError }
        return rows
    }

    /// What there is to say when the server has said nothing.
    var lastError: PostgresError {
        refined(PostgresError(.other, unsafe String(cString: PQerrorMessage(handle)).trimmed))
    }

    /// With what the connection itself tells.
    private func refined(_ error: PostgresError) -> PostgresError {
        if breaker.isBroken {
            return PostgresError(.brokenOff, state: error.state, "it has been broken off: \(error.message)")
        }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            return PostgresError(.connection, state: error.state, error.message)
        }
        return error
    }
}
