import AsyncHTTP
import Hub

/// What the hub's log takes, and how soon it answers; and a writer to be killed.
///
///     log-bench ingest PATH REPORTS CONCURRENCY     samples a second
///     log-bench query PATH COUNT                    one hour of one series, in what `ingest` has left
///     log-bench write PATH CONCURRENCY              appends for ever, and prints what is durable
///     log-bench obey PATH                           does what it is told, for tests
///     log-bench export PATH                         lines of JSON
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else { throw Usage() }
let path = arguments[1]
let numbers = arguments.dropFirst(2).compactMap { Int($0) }

switch (arguments[0], numbers.count) {
case ("ingest", 2): try ingest(path, reports: numbers[0], concurrency: numbers[1])
case ("query", 1): try query(path, count: numbers[0])
case ("write", 1): try writeForEver(path, concurrency: numbers[0])
case ("obey", 0): try obey(path)
case ("export", 0): try export(path)
default: throw Usage()
}

struct Usage: Error {}
