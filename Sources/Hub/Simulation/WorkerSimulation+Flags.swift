import Flags
import Reporting

extension WorkerSimulation {
    /// More would need more memory than a demo should take.
    private static let most = 100_000
    /// What a hub takes of a component's name, less the number.
    private static let longestPool = 240

    /// - Parameter prefix: `simulate.` beside the flags of a hub.
    static func flags(_ prefix: String = "") -> [Flag<WorkerSimulation>] {
        [
            .value("\(prefix)count", "SIMULATE_COUNT", "COUNT", "2", "How many workers are simulated.") {
                $0.count = try Values.number($1, in: 0...most)
            },
            .value(
                "\(prefix)interval",
                "NOETL_WORKER_HEARTBEAT_INTERVAL",
                "DURATION",
                "15s",
                "Time between two reports of a simulated worker. They are spread over it."
            ) { $0.interval = try Values.duration($1, atLeast: .milliseconds(10)) },
            .value(
                "\(prefix)pool",
                "NOETL_WORKER_POOL_NAME",
                "NAME",
                "worker-cpu",
                "What the names of the simulated workers begin with."
            ) { $0.pool = try poolName($1) },
        ]
    }

    static let hubFlag: Flag<WorkerSimulation> = .value(
        "hub.url",
        "NOETL_SERVER_URL",
        "URL",
        "http://localhost:8082",
        "The hub that is reported to, with or without /api at its end."
    ) { $0.hub = try HubURL($1) }

    private static func poolName(_ text: String) throws(ValueProblem) -> String {
        guard (1...longestPool).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw ValueProblem("not a name of 1 to \(longestPool) bytes without control characters")
        }
        return text
    }
}
