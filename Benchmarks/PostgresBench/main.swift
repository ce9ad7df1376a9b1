import Postgres

// What it can connect to: `postgres-bench connect URL`.
let arguments = CommandLine.arguments
do throws(PostgresError) {
    let connection = try PostgresConnection(PostgresConfiguration(arguments[2]))
    print(try connection.query("SELECT version()").text(0, 0) ?? "")
} catch {
    print("\(error.kind): \(error)")
}
