import Flags
import Service

/// What a person reads at the end.
enum TextReport {
    static func text(_ report: LoadReport) -> String {
        let measurement = report.measurement
        var lines = [headline(report.plan)]
        if report.isInterrupted { lines.append("interrupted; measured for \(seconds(report.elapsed))") }
        lines.append(
            row(
                "answers",
                "\(Quantity.count(measurement.answers))   \(Quantity.rate(report.perSecond(measurement.inTime)))/s"
            )
        )
        lines.append(
            row(
                "bytes",
                "\(Quantity.bytes(Double(measurement.bytes)))   \(Quantity.bytes(report.perSecond(measurement.bytes)))/s"
            )
        )
        lines.append(row("errors", Quantity.count(measurement.failures.total)))
        lines += LoadFailure.Kind.allCases.compactMap { kind in
            let count = measurement.failures[kind]
            let example = measurement.failures.example(of: kind) ?? ""
            return count > 0 ? "  \(kind.rawValue.padded(11))\(Quantity.count(count))   \(example)" : nil
        }
        if measurement.unsent > 0 {
            let note = "due, but no connection was free until the end: the server cannot keep up, or needs more of them"
            lines.append(row("unsent", "\(Quantity.count(measurement.unsent))   \(note)"))
        }
        if report.plan.settings.slowReaders > 0 {
            let note =
                "\(report.plan.settings.slowReaders), closed \(measurement.slowReadersClosed) times by the server"
            lines.append(row("slow readers", note))
        }
        if !measurement.latency.isEmpty { lines += latency(report) }
        if report.measurements.count > 1 { lines += URLTable.lines(report) + [""] }
        lines += report.expectations.map { expectation in
            let verb = expectation.isMet ? "met" : "NOT MET"
            return row("expected", "\(verb): \(expectation.description)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func headline(_ plan: LoadPlan) -> String {
        let settings = plan.settings
        let connections = several(plan.connections, "connection")
        let load =
            switch plan.mode {
            case .open: "\(Quantity.rate(settings.rate?.perSecond ?? 0)) requests/s (open loop), \(connections)"
            case .closed: "as fast as answers come (closed loop), \(connections)"
            case .scrapers:
                "\(several(plan.connections, "scraper")), each every \(DurationText.write(settings.interval))"
            }
        let threads = several(settings.threads, "thread")
        let socket = settings.unixPath.map { " by \($0)" } ?? ""
        let several = plan.urls.count > 1 ? "\(plan.urls.count) URLs" : nil
        let subject = several ?? plan.urls.first.map { "\($0)" } ?? ""
        return
            "\(subject)\(socket)\n\(load), \(threads), \(end(settings)) after \(DurationText.write(settings.warmup))\n"
    }

    private static func end(_ settings: LoadSettings) -> String {
        let duration = settings.duration.map(DurationText.write)
        guard let requests = settings.requests else { return duration ?? "" }
        let count = requests == 1 ? "1 request" : "\(Quantity.count(UInt64(requests))) requests"
        return count + (duration.map { " or \($0)" } ?? "")
    }

    private static func several(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func latency(_ report: LoadReport) -> [String] {
        let names = ["p999": "p99.9"]
        let values = report.measurement.latency.percentiles.map { name, nanoseconds in
            "\(names[name] ?? name) \(Quantity.time(Double(nanoseconds)))"
        }
        let origin = report.plan.mode == .closed ? "from when each was sent" : "from when each request was due"
        return [
            row("latency", values.joined(separator: "   ")), row("", origin), "",
            LatencyChart.text(report.measurement.latency),
        ]
    }

    private static func row(_ name: String, _ value: String) -> String {
        name.padded(13) + value
    }

    private static func seconds(_ duration: Duration) -> String {
        "\(Quantity.decimal(duration / .seconds(1), places: 2)) s"
    }
}

extension Expectation: CustomStringConvertible {
    var description: String {
        guard name == "p99" else { return "\(Int(actual)) errors, at most \(Int(limit))" }
        let time = actual.isFinite ? Quantity.time(actual * 1e9) : "none (too many requests failed)"
        return "p99 \(time), at most \(Quantity.time(limit * 1e9)); failed and unsent requests count as slower than all"
    }
}
