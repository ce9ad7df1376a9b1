import AsyncHTTP
import Glibc
import Hub

/// Appends so many reports, so many at once, as connections do: from tasks on one loop.
func ingest(_ path: String, reports: Int, concurrency: Int) throws {
    let log = try Log(LogConfiguration(path: path))
    // What the benchmark itself takes: reports that nobody writes.
    let own = processorTime()
    var made = 0
    for number in 0..<reports { made += Workload.report(number).metrics.count }
    let before = processorTime()
    let start = MonotonicInstant.now
    try withEventLoops { _ in
        try await withThrowingDiscardingTaskGroup { group in
            for worker in 0..<concurrency {
                group.addTask {
                    for number in stride(from: worker, to: reports, by: concurrency) {
                        _ = try await log.append(Workload.report(number))
                    }
                }
            }
        }
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    let processor = processorTime() - before
    log.close()
    let samples = reports * Workload.metrics
    print(
        "\(samples) samples, \(concurrency) at once: \(Int(Double(samples) / seconds)) a second, "
            + "\(rounded(processor / Double(reports) * 1e6)) µs of processor a report "
            + "(\(rounded((before - own) / Double(made) * Double(Workload.metrics) * 1e6)) of them to make it), "
            + "\(rounded(Double(try size(of: path)) / Double(samples))) bytes a sample"
    )
}

/// Of all threads, in seconds.
private func processorTime() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
}

private func size(of path: String) throws -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
}

func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
