import AsyncHTTP
import Glibc
import Hub

/// Appends until it is killed. Prints a line for each report when it is durable, and not before: `worker number`.
///
/// A worker begins with the number behind the last that the log has of it, and sends that one again, as a client does that has
/// not heard the answer.
func writeForEver(_ path: String, concurrency: Int) throws {
    var configuration = LogConfiguration(path: path)
    // So that it is killed, too, while identities go into their index.
    configuration.limits.waitingIdentities = 200
    let log = try Log(configuration)
    let arrived = wallClockNanoseconds() / 1_000_000
    var last = [Int](repeating: 0, count: concurrency)
    let reader = try log.reader()
    var sequence: Int64 = 0
    while case let reports = try reader.read(after: sequence, limit: 1000), let end = reports.last {
        for report in reports {
            for metric in report.metrics {
                if let worker = Int(metric.name.dropFirst()), worker < concurrency { last[worker] = Int(metric.value) }
            }
        }
        sequence = end.sequence
    }
    say("ready")
    try withEventLoops { [last] _ in
        try await withThrowingDiscardingTaskGroup { group in
            for worker in 0..<concurrency {
                group.addTask {
                    var number = max(1, last[worker])
                    while true {
                        _ = try await log.append(report(worker, number, arrived))
                        say("\(worker) \(number)")
                        number += 1
                    }
                }
            }
        }
    }
}

private func report(_ worker: Int, _ number: Int, _ arrived: Int64) -> Report {
    let metric = ReportedMetric(name: "w\(worker)", kind: .counter, value: Double(number), time: arrived)
    return Report(
        component: Component(type: "worker", name: "\(worker)"),
        reportID: "\(number)",
        metrics: [metric],
        arrived: arrived
    )
}

func export(_ path: String) throws {
    let reader = try LogReader(path: path)
    let verification = try LogVerification.run(reader)
    for problem in verification.problems { say("problem: \(problem)") }
    _ = try LogExport.run(reader) { say(String(decoding: $0.dropLast(), as: UTF8.self)) }
}

/// A line, in one call: what was said stays said when the process is killed.
func say(_ line: String) {
    var bytes = Array("\(line)\n".utf8)[...]
    while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
        if count <= 0 { exit(1) }
        bytes = bytes.dropFirst(count)
    }
}
