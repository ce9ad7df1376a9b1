import Telemetry

/// Families of arbitrary names, texts and numbers, as the seed wills. Names are valid, for others cannot be made.
struct HostileFamilies: Collector {
    let descriptors: [MetricDescriptor]
    private let families: [MetricFamily]

    init(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        families = try (0..<Int.random(in: 1...6, using: &generator)).map { number in
            try Self.family(number: number, generator: &generator)
        }
        descriptors = families.map(\.descriptor)
    }

    func collect() -> [MetricFamily] { families }

    private static func family(number: Int, generator: inout SeededGenerator) throws -> MetricFamily {
        let kinds: [MetricKind] = [.counter, .gauge, .histogram]
        let kind = kinds.randomElement(using: &generator) ?? .gauge
        // The number keeps names of one registry apart, whatever else they are.
        let name = identifier("abzAZ_:09", using: &generator) + "x\(number)"
        let unit = Bool.random(using: &generator) ? identifier("abz", using: &generator) : nil
        let descriptor = try MetricDescriptor(
            unit.map { "\(name)_\($0)" } ?? name,
            kind: kind,
            help: text(using: &generator),
            unit: unit
        )
        let labelNames = Set(
            (0..<Int.random(in: 0...3, using: &generator)).map { _ in "l" + identifier("abz_9", using: &generator) }
        )
        let buckets = try Buckets(
            Set((0..<Int.random(in: 1...5, using: &generator)).map { _ in finite(using: &generator) }).sorted()
        )
        let samples = try (0..<Int.random(in: 1...5, using: &generator)).map { _ in
            let labels = try Labels(labelNames.sorted().map { (name: $0, value: text(using: &generator)) })
            guard kind == .histogram else { return Sample(anyNumber(using: &generator), labels: labels) }
            let counts = (0...buckets.bounds.count).map { _ in UInt64.random(in: 0...1 << 40, using: &generator) }
            let reading = try HistogramReading(buckets: buckets, counts: counts, sum: anyNumber(using: &generator))
            return Sample(.histogram(reading), labels: labels)
        }
        return MetricFamily(descriptor, samples: samples)
    }

    private static func identifier(_ alphabet: String, using generator: inout SeededGenerator) -> String {
        "a"
            + String(
                (0..<Int.random(in: 0...8, using: &generator)).compactMap { _ in
                    alphabet.randomElement(using: &generator)
                }
            )
    }

    private static func text(using generator: inout SeededGenerator) -> String {
        let nasty = Array(
            "\\\"\n\r\t {}=,#' \u{0}\u{7F}\u{85}\u{2028}\u{FEFF}é😀\u{301}\u{FFFF}\u{10FFFF}ntx".unicodeScalars
        )
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            if Int.random(in: 0..<4, using: &generator) > 0 {
                scalars.append(nasty.randomElement(using: &generator) ?? "x")
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    private static func finite(using generator: inout SeededGenerator) -> Double {
        let number = anyNumber(using: &generator)
        return number.isFinite ? number + 0 : 1
    }

    private static func anyNumber(using generator: inout SeededGenerator) -> Double {
        let special: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e6, 1e15, 1e16, 1e21, 1e-5, .nan, .infinity, -.infinity, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, .leastNormalMagnitude, 9_007_199_254_740_991, 9_007_199_254_740_992,
            0.30000000000000004,
        ]
        return switch Int.random(in: 0..<3, using: &generator) {
        case 0: special.randomElement(using: &generator) ?? 0
        case 1: Double(bitPattern: generator.next())
        default: Double(Int.random(in: -1_000_000...1_000_000, using: &generator)) / 8
        }
    }
}
