import AsyncHTTP
import Glibc
import Hub

/// Does what each line of the input says, and prints a line of what has become of it: for tests that take the disk away.
///
///     append     `written 7`, or what kind of error it was, whether the log calls itself full, and its text
///     read       `read 7`, how many reports there are, or an error
func obey(_ path: String) throws {
    let log: Log
    do {
        log = try Log(LogConfiguration(path: path))
    } catch {
        say("\(error.kind) false \(error)")
        return
    }
    say("ready")
    try withEventLoops { _ in
        var number = 0
        while let line = readLine() {
            do throws(LogError) {
                if line == "append" {
                    number += 1
                    guard case .written(let sequence) = try await log.append(large(number)) else { continue }
                    say("written \(sequence)")
                } else {
                    say("read \(try count(log.reader()))")
                }
            } catch {
                say("\(error.kind) \(log.isFull) \(error)")
            }
        }
    }
    log.close()
}

/// Some kilobytes of numbers.
private func large(_ number: Int) -> Report {
    let metrics = (0..<500).map { place in
        ReportedMetric(name: "m\(place)", kind: .gauge, value: Double(number * place) / 7, time: Workload.start)
    }
    return Report(component: Component(type: "worker", name: "large"), metrics: metrics, arrived: Workload.start)
}

private func count(_ reader: LogReader) throws(LogError) -> Int {
    var (sequence, count) = (Int64(0), 0)
    while case let reports = try reader.read(after: sequence, limit: 100), let last = reports.last {
        sequence = last.sequence
        count += reports.count
    }
    return count
}
