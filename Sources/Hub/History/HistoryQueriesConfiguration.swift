package import AsyncHTTP
package import Cache
package import Postgres

/// How queries are answered from the database.
package struct HistoryQueriesConfiguration: Sendable {
    package var database: PostgresConfiguration
    /// Between attempts to connect while the database is down.
    package var backoff = Backoff()
    package var limits = HistoryLimits()

    package init(_ database: PostgresConfiguration) {
        self.database = database
        self.database.applicationName = "agent-hub queries"
        self.database.limits.connect = .seconds(2)
        self.database.limits.lock = .seconds(1)
    }
}

/// How much queries of the database take upon themselves.
package struct HistoryLimits: Sendable, Hashable {
    /// After which a query is broken off and answered from the log.
    package var deadline = Duration.seconds(2)
    /// After which a query answers with what it has found, and says where to go on.
    package var budget = Duration.milliseconds(1500)
    /// The same when others wait.
    package var sharedBudget = Duration.milliseconds(250)
    /// After which an attempt to connect, and to read who has reported what, is broken off.
    package var connecting = Duration.seconds(30)
    /// Between two looks whether it is time to connect again.
    package var tending = Duration.seconds(1)
    /// Queries that wait for others.
    package var waiting = 64
    /// Rows of one answer.
    package var rows = 10_000
    /// Rows of one statement's answer.
    package var rowsAtOnce = 1000
    /// An answer that has become so long, as texts are counted, ends before it has all of them.
    package var answerSize = ByteCount.mebibytes(8)
    /// Rows that one statement goes through when it does not want all of them: it stops at the last that is wanted.
    package var stride = 20_000
    /// Rows of many series that one statement puts in order.
    package var portion = 5000
    /// As many times more the next statement looks at when there were too few, twice as many each time.
    package var growth = 8
    /// Series by component and name that are looked up one by one.
    package var pairs = 512
    /// Of such a series, rows that are read at least when it is looked up.
    package var rowsOfPair = 16
    /// What is looked at first: so much time before the newest that may be there. Each further look goes four times as far, or more.
    package var firstLook = Duration.seconds(2 * 86_400)
    /// A sample is never taken so much later than it is written: clocks that are further ahead are corrected by the hubs.
    package var ahead = Duration.seconds(3600)
    /// After which everything that is known of who has reported what is read again, for what has gone.
    package var catalogueAge = Duration.seconds(3600)
    /// Components whose row has not been met, asked for at once.
    package var componentsAtOnce = 10_000

    package init() {}
}
