// Arbitrary bytes become names, texts, numbers and header values: nothing may trap, and what is printed must keep its form.
//
// Compiled together with the sources of Metrics, as one module.

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
            let kind: MetricKind = [.counter, .gauge, .histogram][Int(byte() % 3)]
            let unit = byte() < 50 ? text() : nil
            let descriptor = try MetricDescriptor(name("x"), kind: kind, help: text(), unit: unit)
            var samples: [Sample] = []
            repeat {
                let labels = try Labels([(name: name("a"), value: text()), (name: name("b"), value: text())])
                if kind == .histogram {
                    let buckets = try Buckets([number(), number()])
                    let counts = (0..<3).map { _ in number().bitPattern }
                    samples.append(
                        Sample(
                            .histogram(try HistogramReading(buckets: buckets, counts: counts, sum: number())),
                            labels: labels
                        )
                    )
                } else {
                    samples.append(Sample(number(), labels: labels))
                }
            } while byte() > 128
            families.append(MetricFamily(descriptor, samples: samples))
        } while byte() > 128
        return families
    }
}

private func negotiate(_ header: String) {
    precondition(ExpositionFormat.all.contains(ExpositionFormat.negotiate(accept: header)))
    _ = ContentEncoding.negotiate(acceptEncoding: header)
}

/// The form that every line has, whatever was put in: text cannot break out of its line or of its quotes.
private func check(_ families: [MetricFamily], _ dialect: Dialect) {
    let bytes = ExpositionEncoder.encode(families, dialect: dialect)
    precondition(bytes.last == UInt8(ascii: "\n"))
    precondition(String(validating: bytes, as: UTF8.self) != nil)
    let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let most = families.reduce(1) { $0 + 3 + $1.samples.count * 5 }
    precondition(lines.count <= most)
    for line in lines {
        if line.starts(with: "# HELP ".utf8) || line.starts(with: "# TYPE ".utf8) { continue }
        if line.starts(with: "# UNIT ".utf8) || line.elementsEqual("# EOF".utf8) {
            precondition(dialect == .openMetrics)
            continue
        }
        precondition(isSample(line))
    }
    _ = RenderedMetrics(families).representation(.text004, .gzip)
}

/// `name{label="text",…} number`: quotes in pairs but for the escaped ones, and exactly one number after the labels.
private func isSample(_ line: ArraySlice<UInt8>) -> Bool {
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
    guard let space = line.lastIndex(of: UInt8(ascii: " ")) else { return false }
    let number = String(decoding: line[(space + 1)...], as: UTF8.self)
    let isNumber = ["NaN", "+Inf", "-Inf"].contains(number) || Double(number) != nil
    return !isQuoted && !isEscaped && spaces == 1 && isNumber
}
