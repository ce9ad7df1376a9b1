import AsyncHTTP
import Hub

/// Asks for one hour of one series, at random, and tells how long it took.
func query(_ path: String, count: Int) throws {
    let log = try Log(LogConfiguration(path: path))
    let last = try log.reader().last()
    let rounds = Int(last) / Workload.components
    let hour = Int(3_600_000 / Workload.interval)
    let queries = try LogQueries(log)
    let (durations, rows) = try withEventLoops { _ in
        var durations: [Duration] = []
        var rows = 0
        for _ in 0..<count {
            var query = LogQuery()
            query.componentName = "worker-\(Int.random(in: 0..<Workload.components))"
            query.names = [Workload.name(of: Int.random(in: 0..<Workload.metrics))]
            let begin = Workload.start + Int64(Int.random(in: 0..<max(1, rounds - hour))) * Workload.interval
            query.start = begin
            query.end = begin + 3_600_000
            let start = MonotonicInstant.now
            let page = try await queries.answer(query)
            durations.append(start.duration(to: .now))
            rows += page.rows.count
        }
        return (durations.sorted(), rows)
    }
    queries.close()
    log.close()
    func milliseconds(_ share: Double) -> Double {
        (durations[Int(Double(durations.count - 1) * share)] / .microseconds(10)).rounded() / 100
    }
    print(
        "one hour of one series among \(last) reports, \(rows / count) rows: "
            + "p50 \(milliseconds(0.5)) ms, p99 \(milliseconds(0.99)) ms, longest \(milliseconds(1)) ms"
    )
}
