import JSON
import Telemetry

/// What the status page says: settings, modules, instruments and health.
struct StatusDocument: Sendable {
    struct Setting: Sendable, Hashable {
        let name: String
        /// As it was given, or the default; a secret is hidden.
        let value: String
        let source: String
    }

    struct Module: Sendable, Hashable {
        let name: String
        let purpose: String
        let isEnabled: Bool
    }

    struct Instrument: Sendable, Hashable {
        let name: String
        let kind: String
        let unit: String?
        let help: String
        let series: Int
        /// The sum of all series; of a histogram how many values it has.
        let value: Double

        init(_ family: MetricFamily) {
            let descriptor = family.descriptor
            name = descriptor.kind == .counter ? descriptor.name + "_total" : descriptor.name
            kind = descriptor.kind.rawValue
            unit = descriptor.unit
            help = descriptor.help
            series = family.samples.reduce(0) { sum, sample in
                // One for each bucket, the sum, and the number of values.
                if case .histogram(let reading) = sample.value { sum + reading.counts.count + 2 } else { sum + 1 }
            }
            value = family.samples.reduce(0) { sum, sample in
                switch sample.value {
                case .number(let value): sum + value
                case .histogram(let reading): sum + reading.counts.reduce(0) { $0 + Double($1) }
                default: sum
                }
            }
        }
    }

    struct Health: Sendable, Hashable {
        let state: String
        let pipelineState: String
        let waiting: Int
        let active: Int
    }

    let service: String
    let version: String
    let settings: [Setting]
    let modules: [Module]
    let instruments: [Instrument]
    let health: Health

    var json: JSONValue {
        [
            "service": .string(service), "version": .string(version),
            "health": [
                "state": .string(health.state), "pipeline": .string(health.pipelineState),
                "batches_waiting": .number(Double(health.waiting)), "batches_active": .number(Double(health.active)),
            ],
            "settings": .array(
                settings.map { ["name": .string($0.name), "value": .string($0.value), "source": .string($0.source)] }
            ),
            "modules": .array(
                modules.map {
                    ["name": .string($0.name), "purpose": .string($0.purpose), "enabled": .boolean($0.isEnabled)]
                }
            ),
            "instruments": .array(
                instruments.map { instrument in
                    [
                        "name": .string(instrument.name), "type": .string(instrument.kind),
                        "unit": instrument.unit.map { .string($0) } ?? .null, "help": .string(instrument.help),
                        "series": .number(Double(instrument.series)), "value": .number(instrument.value),
                    ]
                }
            ),
        ]
    }
}
