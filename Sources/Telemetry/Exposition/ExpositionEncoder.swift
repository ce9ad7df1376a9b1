/// Writes families as text, in the order in which they are given.
struct ExpositionEncoder: ~Copyable {
    private let dialect: Dialect
    private var bytes: [UInt8] = []

    /// - Parameter capacity: how long the text will be about, so that the buffer need not grow.
    init(dialect: Dialect, capacity: Int = 4096) {
        self.dialect = dialect
        bytes.reserveCapacity(capacity)
    }

    static func encode(_ families: [MetricFamily], dialect: Dialect, capacity: Int = 4096) -> [UInt8] {
        var encoder = ExpositionEncoder(dialect: dialect, capacity: capacity)
        for family in families { encoder.append(family) }
        return encoder.finish()
    }

    consuming func finish() -> [UInt8] {
        if dialect == .openMetrics { bytes.append(contentsOf: "# EOF\n".utf8) }
        return bytes
    }

    mutating func append(_ family: MetricFamily) {
        let descriptor = family.descriptor
        bytes.append(contentsOf: descriptor.header(in: dialect))
        let name = Array(descriptor.name.utf8)
        switch descriptor.kind {
        case .gauge:
            for sample in family.samples {
                guard case .number(let value) = sample.value else { continue }
                append(name: name, labels: sample.labels.encoded)
                append(value: value)
            }
        case .counter:
            let name = name + Array("_total".utf8)
            for sample in family.samples {
                guard case .number(let value) = sample.value, isCount(value) else { continue }
                append(name: name, labels: sample.labels.encoded)
                append(value: value)
            }
        case .histogram:
            let names = HistogramNames(base: name)
            for sample in family.samples {
                guard case .histogram(let reading) = sample.value else { continue }
                append(reading, names: names, labels: sample.labels.encoded)
            }
        }
    }

    private struct HistogramNames {
        let bucket: [UInt8]
        let sum: [UInt8]
        let count: [UInt8]
        init(base: [UInt8]) {
            bucket = base + Array("_bucket".utf8)
            sum = base + Array("_sum".utf8)
            count = base + Array("_count".utf8)
        }
    }

    private mutating func append(_ reading: HistogramReading, names: HistogramNames, labels: [UInt8]) {
        var total: UInt64 = 0
        for (count, bound) in zip(reading.counts, reading.buckets.labels) {
            total &+= count
            append(name: names.bucket, labels: labels, bound: bound)
            append(count: total)
        }
        guard hasSum(reading) else { return }
        append(name: names.sum, labels: labels)
        append(value: reading.sum)
        append(name: names.count, labels: labels)
        append(count: total)
    }

    /// OpenMetrics knows no counter that is negative or not a number; a line with one costs the whole scrape.
    private func isCount(_ value: Double) -> Bool {
        dialect == .text || value >= 0
    }

    /// OpenMetrics forbids `_sum`, and with it `_count`, where the sum could go down; `le="+Inf"` still has the count.
    private func hasSum(_ reading: HistogramReading) -> Bool {
        dialect == .text || (reading.sum >= 0 && (reading.buckets.bounds.first ?? 0) >= 0)
    }

    private mutating func append(name: [UInt8], labels: [UInt8]) {
        bytes.append(contentsOf: name)
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes.append(contentsOf: labels)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
    }

    private mutating func append(name: [UInt8], labels: [UInt8], bound: [UInt8]) {
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: "{"))
        if !labels.isEmpty {
            bytes.append(contentsOf: labels)
            bytes.append(UInt8(ascii: ","))
        }
        bytes.append(contentsOf: bound)
        bytes.append(contentsOf: "} ".utf8)
    }

    private mutating func append(value: Double) {
        bytes.append(number: value, in: dialect)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(count: UInt64) {
        bytes.append(decimal: count)
        bytes.append(UInt8(ascii: "\n"))
    }
}
