import AsyncHTTP
import Glibc
import Hub
import Postgres

/// A thousand workers, one after the other, a millisecond apart.
func fill(_ path: String, reports: Int, isPlain: Bool) throws {
    let log = try Log(LogConfiguration(path: path))
    let noon: Int64 = 1_795_651_200_000 + 12 * 3_600_000
    try withEventLoops { group in
        for first in stride(from: 0, to: reports, by: 64) {
            try await withThrowingTaskGroup { tasks in
                for number in first..<min(first + 64, reports) {
                    tasks.addTask { _ = try await log.append(report(number, isPlain, at: noon + Int64(number))) }
                }
                try await tasks.waitForAll()
            }
        }
    }
    log.close()
}

private func report(_ number: Int, _ isPlain: Bool, at arrived: Int64) -> Report {
    let name = "worker-\(number % 1000)"
    let labels = [ReportedLabel(name: "component", value: name), ReportedLabel(name: "hostname", value: "node-1")]
    let metrics = (0..<5).map { index in
        ReportedMetric(
            name: "noetl_system_metric_\(index)",
            kind: .gauge,
            value: Double(number % 100) + 0.25,
            time: arrived,
            labels: labels,
            help: "What it measures",
            unit: "percent"
        )
    }
    let component = Component(type: "worker_pool", name: name)
    let identifier = isPlain ? nil : "\(name)-0123456789abcdef-\(number)"
    return Report(component: component, reportID: identifier, metrics: metrics, arrived: arrived)
}

func follow(_ path: String, _ url: String) throws {
    let log = try Log(LogConfiguration(path: path))
    let last = try log.reader().last()
    let configuration = FollowerConfiguration(try PostgresConfiguration(url))
    try withEventLoops { group in
        let clock = group.first.clock
        let follower = try PostgresFollower(configuration, of: log, clock: clock) { 1_795_651_200_000 }
        let (began, used) = (MonotonicInstant.now, processorTime())
        await withTaskGroup { tasks in
            tasks.addTask { await follower.run() }
            while follower.status.cursor != last {
                if let failure = follower.status.failure { print(failure) }
                try? await clock.sleep(for: .milliseconds(5))
            }
            tasks.cancelAll()
        }
        let rows = Double(follower.status.written.rows)
        let time = began.duration(to: .now) / .seconds(1)
        let cost = (processorTime() - used) / rows * 1e6
        print("\(Int(rows / time)) rows/s, \((cost * 100).rounded() / 100) us of processor a row")
        follower.close()
    }
    log.close()
}

/// Seconds, of all threads.
private func processorTime() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}
