/// How long a server may take. What the address itself says of these goes before.
package struct PostgresLimits: Sendable, Hashable {
    /// For each host: its name, the connection, encryption, the password. Whole seconds, two at least.
    package var connect = Duration.seconds(10)
    /// For what was sent until the other machine has it.
    package var unacknowledged = Duration.seconds(20)
    /// For one statement, by the server's clock.
    package var statement = Duration.seconds(30)
    /// For a lock that somebody else has.
    package var lock = Duration.seconds(10)
    /// After which the server ends a transaction of a client that says nothing.
    package var idleTransaction = Duration.seconds(60)
    /// Of a connection, before the other machine is asked whether it is still there; and between such questions.
    package var keepalive = Duration.seconds(10)
    /// Questions without an answer that are the end.
    package var keepaliveCount = 3
    /// Statements that the server keeps planned: one over the tables of a year takes megabytes.
    package var plans = 16

    package init() {}
}
