import AsyncHTTP
import Service

/// What was measured of each of several URLs, a line each, and of all of them.
enum URLTable {
    private static let columns = ["answers", "answers/s", "errors", "unsent", "p50", "p99", "max"]
    private static let width = 11

    static func lines(_ report: LoadReport) -> [String] {
        let rows = zip(report.plan.urls.map { "\($0)" } + ["all"], report.measurements + [report.measurement])
        return [columns.map { $0.aligned(width) }.joined()]
            + rows.map { name, measurement in "\(cells(measurement, report))   \(name)" }
    }

    private static func cells(_ measurement: Measurement, _ report: LoadReport) -> String {
        let latency = measurement.latency
        let times = latency.percentiles.filter { columns.contains($0.name) }.map { _, nanoseconds in
            latency.isEmpty ? "-" : Quantity.time(Double(nanoseconds))
        }
        let cells =
            [
                Quantity.count(measurement.answers), Quantity.rate(report.perSecond(measurement.inTime)),
                Quantity.count(measurement.failures.total), Quantity.count(measurement.unsent),
            ] + times
        return cells.map { $0.aligned(width) }.joined()
    }
}
