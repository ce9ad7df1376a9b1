import Telemetry
import TestExposition

/// The samples that a reader must find in families, in the form in which `Parsers.parse` gives them. Written without a look at
/// how the module derives its lines.
struct Expectation {
    let format: Parsers.Format

    private var isStrict: Bool { format == .openmetrics }

    func lines(of families: [MetricFamily]) -> [String] {
        families.flatMap { family in family.samples.flatMap { lines(of: $0, in: family.descriptor) } }.sorted()
    }

    private func lines(of sample: Sample, in descriptor: MetricDescriptor) -> [String] {
        switch (descriptor.kind, sample.value) {
        case (.gauge, .number(let value)), (.unknown, .number(let value)):
            [line(descriptor.name, sample, value)]
        case (.counter, .number(let value)) where descriptor.lacksSuffix:
            // prometheus_client's text parser adds the suffix to what is called a counter without one.
            [line(descriptor.name + (isStrict ? "" : "_total"), sample, value)]
        case (.counter, .number(let value)):
            isStrict && !(value >= 0) ? [] : [line(descriptor.name + "_total", sample, value)]
        case (.info, .number(let value)):
            isStrict && value != 1 && !descriptor.lacksSuffix
                ? []
                : [
                    line(
                        descriptor.name + (descriptor.lacksSuffix ? "" : "_info"),
                        Sample(0, labels: sample.labels),
                        value
                    )
                ]
        case (.stateset, .states(let reading)):
            states(reading, descriptor.name, sample)
        case (.summary, .summary(let reading)):
            summary(reading, descriptor.name, sample)
        case (.histogram, .histogram(let reading)):
            buckets(reading, descriptor.name, sample, ("_sum", "_count")) { sum, bounds in sum >= 0 && bounds[0] >= 0 }
        case (.gaugehistogram, .histogram(let reading)):
            buckets(reading, descriptor.name, sample, ("_gsum", "_gcount")) { sum, bounds in
                !sum.isNaN && (sum >= 0 || bounds[0] < 0)
            }
        default: []
        }
    }

    private func states(_ reading: StatesReading, _ name: String, _ sample: Sample) -> [String] {
        if sample.labels.pairs.contains(where: { $0.name == name }) { return [] }
        return zip(reading.states.names, reading.isOn).map { state, isOn in
            line(name, sample, isOn ? 1 : 0, extra: (name, Self.hexadecimal(state)))
        }
    }

    private func summary(_ reading: SummaryReading, _ name: String, _ sample: Sample) -> [String] {
        var lines = [line(name + "_count", sample, Double(reading.count))]
        for (rank, value) in zip(reading.quantiles.ranks, reading.values) where !(isStrict && value < 0) {
            lines.append(line(name, sample, value, extra: ("quantile", Self.bits(rank))))
        }
        if !isStrict || (reading.sum >= 0 && !reading.values.contains { $0 < 0 }) {
            lines.append(line(name + "_sum", sample, reading.sum))
        }
        return lines
    }

    private func buckets(
        _ reading: HistogramReading,
        _ name: String,
        _ sample: Sample,
        _ suffixes: (sum: String, count: String),
        canSaySum: (Double, [Double]) -> Bool
    ) -> [String] {
        var total: UInt64 = 0
        var lines: [String] = []
        for (bound, count) in zip(reading.buckets.bounds + [.infinity], reading.counts) {
            total = count > .max - total ? .max : total + count
            lines.append(line(name + "_bucket", sample, Double(total), extra: ("le", Self.bits(bound))))
        }
        if isStrict, !canSaySum(reading.sum, reading.buckets.bounds) { return lines }
        return lines + [
            line(name + suffixes.sum, sample, reading.sum), line(name + suffixes.count, sample, Double(total)),
        ]
    }

    private func line(
        _ name: String,
        _ sample: Sample,
        _ value: Double,
        extra: (name: String, text: String)? = nil
    ) -> String {
        var pairs = sample.labels.pairs.map { (name: $0.name, text: Self.hexadecimal($0.value)) }
        if let extra { pairs.append(extra) }
        let described = pairs.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.text)" }.joined(separator: ",")
        let time = sample.time.map { " @\(Int(($0 / .milliseconds(1)).rounded()))" } ?? ""
        return "\(name) {\(described)} \(Self.bits(value))\(time)"
    }

    private static func bits(_ number: Double) -> String {
        guard !number.isNaN else { return "nan" }
        return (0..<8).map { hexadecimal(UInt8(truncatingIfNeeded: number.bitPattern >> (56 - 8 * $0))) }.joined()
    }

    private static func hexadecimal(_ text: String) -> String { text.utf8.map(hexadecimal).joined() }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
