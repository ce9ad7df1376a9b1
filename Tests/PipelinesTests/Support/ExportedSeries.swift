import Pipelines
import Telemetry

/// What a reader finds of a meter: one value by a name and labels, or lines.
struct ExportedSeries {
    private let registry = Registry()

    init(of meter: PipelineMeter) throws { try registry.register(meter) }

    /// Nil if there is no such series.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        Self.value(registry, name, labels)
    }

    static func value(_ registry: Registry, _ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = registry.gather().flatMap(\.series).filter { series in
            series.name == name
                && Dictionary(uniqueKeysWithValues: series.allLabels.map { ($0.name, $0.value) }) == labels
        }
        return found.count == 1 ? found[0].number : nil
    }

    /// The series of a pipeline, by name and how many there are.
    func count(of pipelineId: String) -> Int {
        registry.gather().flatMap(\.series).count { series in
            series.labels.pairs.contains { $0.name == "pipeline_id" && $0.value == pipelineId }
        }
    }

    func text(_ format: ExpositionFormat = .text004) -> String {
        String(decoding: registry.render(format), as: UTF8.self)
    }

    /// The lines that begin with this, without their comments.
    func lines(_ beginning: String) -> [String] {
        text().split(separator: "\n").map(String.init).filter { $0.hasPrefix(beginning) }
    }
}
