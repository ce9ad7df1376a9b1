import Flags
import Telemetry

/// One more gauge, from the agent's JSON: `app_queue_size=queueSize:Size of the task queue.`
struct GaugeMapping: Sendable, Hashable {
    let name: String
    /// The keys from the outermost object to the value.
    let path: [String]
    let help: String

    private static let longestPath = 16

    /// Reads `NAME=KEY[:HELP]`, the key as a dotted path.
    init(_ text: String) throws(ValueProblem) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let parts =
            halves.count == 2 ? halves[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) : []
        guard halves.count == 2, let key = parts.first else {
            throw ValueProblem("not NAME=KEY[:HELP], as in app_queue_size=queueSize:Size of the task queue.")
        }
        let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }), path.count <= Self.longestPath else {
            throw ValueProblem("the key is not a dotted path such as queueSize or pool.active")
        }
        name = String(halves[0])
        self.path = path
        help = parts.count > 1 ? String(parts[1]) : "The agent's \(key)."
        do throws(MetricsError) {
            _ = try descriptor()
        } catch {
            throw ValueProblem("\(error)")
        }
    }

    func descriptor() throws(MetricsError) -> MetricDescriptor {
        try MetricDescriptor(name, kind: .gauge, help: help)
    }
}
