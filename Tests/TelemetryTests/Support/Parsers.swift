import Telemetry

/// The two parsers that were not written here.
enum Parsers {
    private static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(4).joined(separator: "/")

    enum Format: String, CaseIterable {
        case text
        case openmetrics

        var exposition: ExpositionFormat { self == .text ? .text004 : .openMetrics100 }
    }

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// What prometheus_client reads in each exposition, a sorted list of samples per exposition. OpenMetrics is read strictly.
    static func parse(_ expositions: [[UInt8]], as format: Format) throws -> [[String]] {
        try withTemporaryDirectory { directory in
            let paths = expositions.indices.map { "\(directory)/\($0)" }
            for (path, exposition) in zip(paths, expositions) { try write(exposition, to: path) }
            let script = repository + "/Tests/parse-back.py"
            let command = try ProgramRun(repository + "/.build/python/bin/python", [script, format.rawValue] + paths)
            guard command.status == 0 else { throw Refused(description: command.output) }
            return command.output.split(separator: "\n")
                .split(omittingEmptySubsequences: false) { $0.hasPrefix("= ") }
                .dropFirst().map { $0.map(String.init).sorted() }
        }
    }

    /// What `promtool check metrics` says about a text exposition, a complaint per line. An exposition that it cannot
    /// read is an error.
    static func lint(_ exposition: [UInt8]) throws -> [String] {
        try withTemporaryDirectory { directory in
            try write(exposition, to: directory + "/input")
            let command = try ProgramRun("promtool", ["check", "metrics"], input: directory + "/input")
            // 0: all is well. 3: readable, with complaints. 1: not readable.
            guard command.status == 0 || command.status == 3 else { throw Refused(description: command.output) }
            return command.output.split(separator: "\n").map(String.init)
        }
    }

    /// The samples that a reader of the families must find, in the form in which `parse` gives them.
    static func expected(_ families: [MetricFamily], in format: Format) -> [String] {
        families.flatMap { family in
            family.samples.flatMap { sample in expected(sample, of: family.descriptor, in: format) }
        }.sorted()
    }

    private static func expected(_ sample: Sample, of descriptor: MetricDescriptor, in format: Format) -> [String] {
        let name = descriptor.name
        let isStrict = format == .openmetrics
        switch sample.value {
        case .number(let value) where descriptor.kind == .counter:
            return isStrict && !(value >= 0) ? [] : [line(name + "_total", sample.labels, value)]
        case .number(let value):
            return [line(name, sample.labels, value)]
        case .histogram(let reading):
            var total: UInt64 = 0
            var lines: [String] = []
            for (bound, count) in zip(reading.buckets.bounds + [.infinity], reading.counts) {
                total += count
                lines.append(line(name + "_bucket", sample.labels, Double(total), bound: bound))
            }
            if isStrict, !(reading.sum >= 0) || reading.buckets.bounds[0] < 0 { return lines }
            return lines + [
                line(name + "_sum", sample.labels, reading.sum), line(name + "_count", sample.labels, Double(total)),
            ]
        }
    }

    private static func line(_ name: String, _ labels: Labels, _ value: Double, bound: Double? = nil) -> String {
        var pairs = labels.pairs.map { ($0.name, $0.value.utf8.map(hexadecimal).joined()) }
        if let bound { pairs.append(("le", bits(bound))) }
        let described = pairs.sorted { $0.0 < $1.0 }.map { "\($0.0)=\($0.1)" }.joined(separator: ",")
        return "\(name) {\(described)} \(bits(value))"
    }

    private static func bits(_ number: Double) -> String {
        guard !number.isNaN else { return "nan" }
        return (0..<8).map { hexadecimal(UInt8(truncatingIfNeeded: number.bitPattern >> (56 - 8 * $0))) }.joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
