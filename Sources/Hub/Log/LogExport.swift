import JSON

/// The log as lines of JSON: each is a report as `POST /api/metrics/report` takes it, with `sequence` and `arrived` besides.
package enum LogExport {
    /// Reports that are in memory at once.
    private static let chunk = 500

    /// - Parameter write: takes a number of whole lines.
    /// - Returns: how many reports there were.
    package static func run<Failure: Error>(
        _ reader: LogReader,
        write: ([UInt8]) throws(Failure) -> Void
    ) throws -> Int {
        var (sequence, count) = (Int64(0), 0)
        while case let reports = try reader.read(after: sequence, limit: chunk), let last = reports.last {
            try write(reports.flatMap { line($0).bytes + [UInt8(ascii: "\n")] })
            sequence = last.sequence
            count += reports.count
        }
        return count
    }

    private static func line(_ report: LoggedReport) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("sequence", .number(Double(report.sequence))),
            .init("arrived", seconds(report.arrived)),
            .init("component_type", .string(report.component.type)),
            .init("component_name", .string(report.component.name)),
        ]
        if let instance = report.component.instance { members.append(.init("instance", .string(instance))) }
        if let identifier = report.reportID { members.append(.init("report_id", .string(identifier))) }
        if let ttl = report.ttl { members.append(.init("ttl_seconds", .number(ttl / .seconds(1)))) }
        members.append(.init("metrics", .array(report.metrics.map(value))))
        return .object(members)
    }

    private static func value(_ metric: ReportedMetric) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("metric_name", .string(metric.name)),
            .init("metric_type", .string(metric.kind.name)),
            .init("metric_value", number(metric.value)),
            .init("timestamp", seconds(metric.time)),
        ]
        if !metric.labels.isEmpty {
            members.append(.init("labels", .object(metric.labels.map { .init($0.name, .string($0.value)) })))
        }
        if let help = metric.help { members.append(.init("help_text", .string(help))) }
        if let unit = metric.unit { members.append(.init("unit", .string(unit))) }
        return .object(members)
    }

    /// JSON has no number for these: they are texts.
    private static func number(_ value: Double) -> JSONValue {
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : .number(value)
    }

    /// Seconds since 1970, exact to the millisecond for as long as anybody will read it.
    private static func seconds(_ milliseconds: Int64) -> JSONValue { .number(Double(milliseconds) / 1000) }
}
