/// Writes families as text, in the order in which they are given.
///
/// It knows series, and nothing of the kinds that they come from.
package struct ExpositionEncoder: ~Copyable {
    private let dialect: Dialect
    private var bytes: [UInt8] = []

    /// - Parameter capacity: how long the text will be about, so that the buffer need not grow.
    init(dialect: Dialect, capacity: Int = 4096) {
        self.dialect = dialect
        bytes.reserveCapacity(capacity)
    }

    package static func encode(_ families: [MetricFamily], dialect: Dialect, capacity: Int = 4096) -> [UInt8] {
        var encoder = ExpositionEncoder(dialect: dialect, capacity: capacity)
        for family in families { encoder.append(family) }
        return encoder.finish()
    }

    consuming func finish() -> [UInt8] {
        if dialect == .openMetrics { bytes.append(contentsOf: "# EOF\n".utf8) }
        return bytes
    }

    mutating func append(_ family: MetricFamily) {
        bytes.append(contentsOf: family.descriptor.header(in: dialect))
        let isText = dialect == .text
        family.forEachSeries { series in
            if isText || series.isAllowedInOpenMetrics { append(series) }
        }
    }

    @inline(__always)
    private mutating func append(_ series: borrowing Series) {
        bytes.append(contentsOf: series.seriesName.bytes)
        append(labels: series.labels.encoded, extra: series.extra?.encoded)
        switch series.value {
        case .number(let number): bytes.append(number: number, in: dialect)
        case .count(let count): bytes.append(decimal: count)
        }
        if let milliseconds = series.instant.milliseconds { bytes.append(time: milliseconds, in: dialect) }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The labels in braces, if there are any, and the space after them.
    @inline(__always)
    private mutating func append(labels: [UInt8], extra: [UInt8]?) {
        if !labels.isEmpty || extra != nil {
            bytes.append(UInt8(ascii: "{"))
            bytes.append(contentsOf: labels)
            if let extra {
                if !labels.isEmpty { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: extra)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
    }
}

extension MetricFamily {
    /// About how many bytes its text has.
    var expectedLength: Int {
        // A label of the kind, a number of usual length, what stands between them.
        let rest = 24
        return samples.reduce(descriptor.header(in: .openMetrics).count) { length, sample in
            let lines =
                switch sample.value {
                case .number: 1
                case .histogram(let reading): reading.counts.count + 2
                case .summary(let reading): reading.values.count + 2
                case .states(let reading): reading.isOn.count
                }
            return length + lines * (descriptor.name.utf8.count + sample.labels.encoded.count + rest)
        }
    }
}
