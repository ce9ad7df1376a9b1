// Arbitrary bytes become names, texts, numbers, times and header values of every kind: nothing may trap, and what is
// printed must keep its form.
//
// Compiled together with the sources of Telemetry, as one module.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var input = Input(bytes: unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    negotiate(input.text())
    guard let families = try? input.families() else { return 0 }
    check(families, .text)
    check(families, .openMetrics)
    return 0
}

/// Takes the bytes apart: each decision eats some of them.
private struct Input {
    var bytes: [UInt8]

    mutating func byte() -> UInt8 { bytes.popLast() ?? 0 }

    mutating func number() -> Double {
        Double(bitPattern: (0..<8).reduce(0) { bits, _ in bits << 8 | UInt64(byte()) })
    }

    mutating func text() -> String {
        let count = min(Int(byte()), bytes.count)
        defer { bytes.removeLast(count) }
        return String(decoding: bytes.suffix(count), as: UTF8.self)
    }

    /// Mostly valid names, or there would be little to print.
    mutating func name(_ prefix: String) -> String { byte() < 200 ? prefix + String(byte(), radix: 36) : text() }

    mutating func families() throws(MetricsError) -> [MetricFamily] {
        var families: [MetricFamily] = []
        repeat {
            let kind = MetricKind.allCases[Int(byte()) % MetricKind.allCases.count]
            let unit = byte() < 50 ? text() : nil
            let descriptor =
                byte() < 128
                ? try MetricDescriptor(name("x"), kind: kind, help: text(), unit: unit)
                : try MetricDescriptor(verbatim: name("x"), kind: kind, help: text(), unit: unit)
            var samples: [Sample] = []
            repeat {
                let labels = try Labels([(name: name("a"), value: text()), (name: name("x"), value: text())])
                // Of another kind's form now and then: it must be left out.
                let form = byte() < 240 ? kind : .gauge
                samples.append(Sample(try value(of: form), labels: labels, time: time()))
            } while byte() > 128
            families.append(MetricFamily(descriptor, samples: samples))
        } while byte() > 128
        return families
    }

    /// Any duration that there can be.
    mutating func time() -> Duration? {
        guard byte() < 100 else { return nil }
        let bits = (0..<2).map { _ in Int64(bitPattern: number().bitPattern) }
        return Duration(secondsComponent: bits[0], attosecondsComponent: bits[1])
    }

    mutating func value(of kind: MetricKind) throws(MetricsError) -> Sample.Value {
        switch kind {
        case .counter, .gauge, .info, .unknown:
            return .number(number())
        case .histogram, .gaugehistogram:
            let buckets = try Buckets([number(), number()])
            let counts = (0..<3).map { _ in number().bitPattern }
            return .histogram(try HistogramReading(buckets: buckets, counts: counts, sum: number()))
        case .summary:
            let quantiles = try Quantiles([Double(byte()) / 512, Double(byte()) / 512 + 0.5])
            let values = [number(), number()]
            let count = number().bitPattern
            return .summary(try SummaryReading(quantiles: quantiles, values: values, sum: number(), count: count))
        case .stateset:
            let states = try States([text(), text()])
            return .states(try StatesReading(states: states, isOn: [byte() < 128, byte() < 128]))
        }
    }
}

private func negotiate(_ header: String) {
    precondition(ExpositionFormat.all.contains(ExpositionFormat.negotiate(accept: header)))
    _ = ContentEncoding.negotiate(acceptEncoding: header)
}

/// The form that every line has, whatever was put in: text cannot break out of its line or of its quotes, and each line is
/// that of a series.
private func check(_ families: [MetricFamily], _ dialect: Dialect) {
    let bytes = ExpositionEncoder.encode(families, dialect: dialect)
    precondition(bytes.last == UInt8(ascii: "\n"))
    precondition(String(validating: bytes, as: UTF8.self) != nil)
    let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var expected = families.flatMap(\.series).filter { dialect == .text || $0.isAllowedInOpenMetrics }[...]
    for line in lines {
        if line.starts(with: "# HELP ".utf8) || line.starts(with: "# TYPE ".utf8) { continue }
        if line.starts(with: "# UNIT ".utf8) || line.elementsEqual("# EOF".utf8) {
            precondition(dialect == .openMetrics)
            continue
        }
        guard let series = expected.popFirst() else { preconditionFailure("a line too many") }
        precondition(isSample(line, of: series))
        precondition(Set(series.allLabels.map(\.name)).count == series.allLabels.count)
    }
    precondition(expected.isEmpty)
    _ = RenderedMetrics(families).representation(.text004, .gzip)
}

/// `name{label="text",…} number`, with a time if there is one: quotes in pairs but for the escaped ones, and after the labels
/// the number that the series has.
private func isSample(_ line: ArraySlice<UInt8>, of series: Series) -> Bool {
    var isQuoted = false
    var isEscaped = false
    var spaces = 0
    for byte in line {
        switch byte {
        case _ where isEscaped: isEscaped = false
        case UInt8(ascii: "\\"): isEscaped = isQuoted
        case UInt8(ascii: "\""): isQuoted.toggle()
        case UInt8(ascii: " ") where !isQuoted: spaces += 1
        default: continue
        }
    }
    let words = line.split(separator: UInt8(ascii: " ")).suffix(spaces).map { String(decoding: $0, as: UTF8.self) }
    guard !isQuoted, !isEscaped, spaces == (series.time == nil ? 1 : 2), let number = words.first else { return false }
    let isTime = words.dropFirst().allSatisfy { Double($0) != nil }
    return line.starts(with: series.name.utf8) && isTime && isNumber(number, series.number)
}

private func isNumber(_ text: String, _ number: Double) -> Bool {
    switch text {
    case "NaN": number.isNaN
    case "+Inf": number == .infinity
    case "-Inf": number == -.infinity
    default: Double(text) == number
    }
}
