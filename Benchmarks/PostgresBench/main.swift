import Glibc
import Hub
import Postgres

/// What a follower writes into PostgreSQL in a second, and what it takes of the processor.
///
///     postgres-bench connect URL              what it is connected to, for static programs
///     postgres-bench fill LOG REPORTS [plain] reports of five metrics, into a new log; plain ones without a report_id
///     postgres-bench follow LOG URL           all of them into a database that has none of them
///     postgres-bench month LOG URL            ten million rows of thirty days into a database that has no tables yet
///     postgres-bench ask LOG URL QUERIES      how long they take, so many of each kind
let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("connect", 2): connect(arguments[1])
case ("fill", 3...4): try fill(arguments[1], reports: Int(arguments[2]) ?? 0, isPlain: arguments.last == "plain")
case ("follow", 3): try follow(arguments[1], arguments[2])
case ("month", 3): try month(arguments[1], arguments[2])
case ("ask", 4): try ask(arguments[1], arguments[2], count: Int(arguments[3]) ?? 1)
default: throw Usage()
}

struct Usage: Error {}

func connect(_ url: String) {
    do throws(PostgresError) {
        print(try PostgresConnection(PostgresConfiguration(url)).query("SELECT version()").text(0, 0) ?? "")
    } catch {
        print("\(error.kind): \(error)")
    }
}
