import AsyncHTTP
import Glibc
import Hub
import Postgres

/// Ten million rows of a month: a thousand workers with five metrics each, one report after the other.
func month(_ log: String, _ url: String) throws {
    let log = try Log(LogConfiguration(path: log))
    defer { log.close() }
    let connection = try PostgresConnection(PostgresConfiguration(url))
    _ = try PostgresSchema.prepare(connection)
    let (last, days) = (midnight / 1000, 30)
    try connection.execute("SET statement_timeout = 0; SET synchronous_commit = off")
    for day in 0..<days {
        let (from, name) = (last - Int64(days - day) * 86_400, "metrics_month_\(day)")
        print("day \(day + 1) of \(days)")
        try connection.execute(
            """
            CREATE TABLE noetl.\(name) PARTITION OF noetl.metrics
            FOR VALUES FROM (to_timestamp(\(from))) TO (to_timestamp(\(from + 86_400)));
            INSERT INTO noetl.runtime (runtime_id, kind, name)
            SELECT number * 1000003, 'worker_pool', 'worker-' || number FROM generate_series(0, 999) AS number
            ON CONFLICT DO NOTHING;
            INSERT INTO noetl.series (runtime_id, metric_name, seen)
            SELECT runtime_id, 'noetl_system_metric_' || number, now() FROM noetl.runtime, generate_series(0, 4) AS number
            ON CONFLICT DO NOTHING;
            INSERT INTO noetl.metrics
            SELECT 1::bigint << 48 | \(day) * 333335 + row, row / 5 % 1000 * 1000003, 'noetl_system_metric_' || row % 5, 'gauge',
                row % 100 + 0.25,
                jsonb_build_object('component', 'worker-' || row / 5 % 1000, 'hostname', 'node-' || row / 5 % 7),
                'What it measures', 'percent', moment, moment + interval '400 ms'
            FROM generate_series(0, 333334) AS row,
                LATERAL (SELECT to_timestamp(\(from) + row / 5 * 1.296) AS moment) AS time
            """
        )
    }
    try connection.execute("ANALYZE noetl.metrics")
    try connection.query(
        "INSERT INTO noetl.cursors (log, rows) VALUES ($1, 10000050) ON CONFLICT DO NOTHING",
        [log.identity]
    )
}

/// The end of the month.
private let midnight: Int64 = 1_795_651_200_000
private let day: Int64 = 86_400_000

/// How long queries take, of each kind so many, from the question to a page.
func ask(_ log: String, _ url: String, count: Int) throws {
    var place = StoreConfiguration()
    place.place = .sqlite(path: log)
    let store = try place.open()
    guard let durable = store.log else { return }
    let configuration = HistoryQueriesConfiguration(try PostgresConfiguration(url))
    try withEventLoops { group in
        let queries = try HistoryQueries(
            configuration,
            of: durable,
            beside: store,
            clock: group.first.clock,
            wallClock: { midnight }
        )
        for (name, query) in kinds {
            var times: [Double] = []
            var (rows, others) = (0, 0)
            for number in 0..<count {
                let began = MonotonicInstant.now
                let page = try await queries.answer(HistoryQuery(query(number))) { $0 }
                times.append(began.duration(to: .now) / .milliseconds(1))
                rows += page.rows.count
                if page.source != HistoryQueries.source { others += 1 }
            }
            times.sort()
            let (half, most) = (times[count / 2], times[count * 99 / 100])
            print(
                "\(name): p50 \(rounded(half)) ms, p99 \(rounded(most)) ms, \(rows / count) rows, \(others) from the log"
            )
        }
        queries.close()
    }
    store.close()
}

private func rounded(_ milliseconds: Double) -> Double { (milliseconds * 10).rounded() / 10 }

private func query(_ change: (inout LogQuery) -> Void) -> LogQuery {
    var query = LogQuery()
    change(&query)
    return query
}

/// Each number asks for something else.
private let kinds: [(String, @Sendable (Int) -> LogQuery)] = [
    (
        "an hour of one series",
        { number in
            query {
                $0.componentName = "worker-\(number * 7 % 1000)"
                $0.names = ["noetl_system_metric_\(number % 5)"]
                $0.start = midnight - Int64(number % 30) * day - 3_600_000
                $0.end = midnight - Int64(number % 30) * day
            }
        }
    ),
    (
        "1,000 of one series",
        { number in
            query {
                $0.componentName = "worker-\(number * 7 % 1000)"
                $0.name = "noetl_system_metric_\(number % 5)"
            }
        }
    ),
    ("1,000 of one component", { number in query { $0.componentName = "worker-\(number * 7 % 1000)" } }),
    (
        "1,000 of one component, up to a day of the month",
        { number in
            query {
                $0.componentName = "worker-\(number * 7 % 1000)"
                $0.end = midnight - Int64(number % 30) * day
            }
        }
    ),
    ("1,000 of one name", { number in query { $0.name = "metric_\(number % 5)" } }),
    (
        "1,000 of everything, up to a day of the month",
        { number in query { $0.end = midnight - Int64(number % 30) * day } }
    ),
    (
        "1,000 with a label of all",
        { number in query { $0.labels = [ReportedLabel(name: "hostname", value: "node-\(number % 7)")] } }
    ),
    (
        "10 of one name with a component's label",
        { number in
            query {
                $0.name = "noetl_system_metric_1"
                $0.labels = [ReportedLabel(name: "component", value: "worker-\(number * 7 % 1000)")]
                $0.limit = 10
            }
        }
    ),
]
