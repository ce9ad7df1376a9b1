import JSON

/// What a check reports: the sample that the predecessor's documents have, with a value that is only of this run.
struct CheckReport: Sendable, Hashable {
    static let component = "agent-hub-check"
    static let type = "test"
    static let metric = "noetl_system_cpu_usage_percent"

    /// In hundredths, so that it is the same number in every text.
    let value: Double

    init(_ generator: inout some RandomNumberGenerator) {
        value = Double(Int.random(in: 1...9999, using: &generator)) / 100
    }

    var body: [UInt8] {
        let value: JSONValue = [
            "component_name": .string(Self.component),
            "component_type": .string(Self.type),
            "metrics": [
                [
                    "metric_name": .string(Self.metric),
                    "metric_type": "gauge",
                    "metric_value": .number(value),
                    "timestamp": "2024-01-01T12:00:00Z",
                    "labels": ["component": .string(Self.component), "hostname": "node-1"],
                    "help_text": "CPU usage percentage",
                    "unit": "percent",
                ]
            ],
        ]
        return value.bytes
    }

    /// Where it is asked for again.
    static let query = "/api/metrics/query?component_name=\(component)&metric_name=\(metric)"
}
