import Telemetry
import TestExposition

/// Families of every kind, with arbitrary names, texts, numbers and times, as the seed wills. Names are valid, for others
/// cannot be made.
struct HostileFamilies: Collector {
    let descriptors: [MetricDescriptor]
    private let families: [MetricFamily]

    init(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        families = try (0..<generator.number(in: 1...8)).map { number in
            try Self.family(number: number, &generator)
        }
        descriptors = families.map(\.descriptor)
    }

    func collect() -> [MetricFamily] { families }

    private static func family(number: Int, _ generator: inout SeededGenerator) throws -> MetricFamily {
        let descriptor = try descriptor(number: number, &generator)
        var labelNames = Set((0..<generator.number(in: 0...3)).map { _ in "l" + generator.identifier("abz_9") })
        // What a state set must not have.
        if descriptor.kind == .stateset, generator.number(in: 0...5) == 0 { labelNames.insert(descriptor.name) }
        let samples = try (0..<generator.number(in: 1...5)).map { _ in
            let labels = try Labels(labelNames.sorted().map { (name: $0, value: generator.text()) })
            return Sample(try value(of: descriptor.kind, &generator), labels: labels, time: generator.time())
        }
        return MetricFamily(descriptor, samples: samples)
    }

    private static func descriptor(number: Int, _ generator: inout SeededGenerator) throws -> MetricDescriptor {
        let kind = MetricKind.allCases.randomElement(using: &generator) ?? .gauge
        let alphabet = kind == .stateset ? "abzAZ_09" : "abzAZ_:09"
        // The number keeps names of one registry apart, whatever else they are.
        let name = generator.identifier(alphabet) + "x\(number)"
        let hasUnit = kind != .info && kind != .stateset && Bool.random(using: &generator)
        let unit = hasUnit ? generator.identifier("abz") : nil
        let full = unit.map { "\(name)_\($0)" } ?? name
        let help = generator.text()
        return Bool.random(using: &generator)
            ? try MetricDescriptor(full, kind: kind, help: help, unit: unit)
            : try MetricDescriptor(verbatim: full, kind: kind, help: help, unit: unit)
    }

    private static func value(of kind: MetricKind, _ generator: inout SeededGenerator) throws -> Sample.Value {
        switch kind {
        case .counter, .gauge, .unknown:
            return .number(generator.double())
        case .info:
            return .number(Bool.random(using: &generator) ? 1 : generator.double())
        case .histogram, .gaugehistogram:
            let bounds = Set((0..<generator.number(in: 1...5)).map { _ in generator.finiteDouble() })
            let buckets = try Buckets(bounds.sorted())
            let counts = buckets.bounds.indices.map { _ in generator.count() } + [generator.count()]
            return .histogram(try HistogramReading(buckets: buckets, counts: counts, sum: generator.double()))
        case .summary:
            let ranks = Set(
                (0..<generator.number(in: 0...4)).map { _ in Double(generator.number(in: 0...1000)) / 1000 }
            )
            let quantiles = try Quantiles(ranks.sorted())
            let values = ranks.map { _ in generator.double() }
            let (sum, count) = (generator.double(), generator.count())
            return .summary(try SummaryReading(quantiles: quantiles, values: values, sum: sum, count: count))
        case .stateset:
            // The number keeps them apart.
            let names = (0..<generator.number(in: 1...4)).map { "\($0)" + generator.text() }
            let isOn = names.map { _ in Bool.random(using: &generator) }
            return .states(try StatesReading(states: States(names), isOn: isOn))
        }
    }
}
