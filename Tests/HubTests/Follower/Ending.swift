import AsyncHTTP
import Postgres
import Synchronization
import TestPostgres

/// Ends a transaction on another thread, as soon as somebody waits for it.
final class Ending: Sendable {
    private let thread = WorkThread(capacity: 1)

    init(_ connection: sending PostgresConnection, _ command: String, whenSomebodyWaitsIn database: TestDatabase) throws
    {
        let connection = Mutex(connection)
        let onlooker = Mutex(try database.connect())
        let question =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        try thread.submit {
            let isWaiting = { onlooker.withLock { (try? $0.query(question).integer(0, 0)) ?? 1 } > 0 }
            while !isWaiting() {}
            connection.withLock { try? $0.execute(command) }
        }
    }

    func join() { thread.stop() }
}
