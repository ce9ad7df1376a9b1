import AsyncHTTP
import Flags

extension SimulationConfiguration {
    static let flags: [Flag<SimulationConfiguration>] = [
        .value(
            "simulate.listen-address",
            "SIMULATE_LISTEN_ADDRESS",
            "ADDRESS",
            "",
            "Where the simulated agent listens. By default :8080, and any free port of the loopback within a demo."
        ) { $0.listenAddress = try ListenAddress(parsing: $1) },
        .value(
            "simulate.control-address",
            "SIMULATE_CONTROL_ADDRESS",
            "ADDRESS",
            "",
            "One more address for POST /simulate, which stays open while the agent refuses connections."
        ) { $0.controlAddress = try ListenAddress(parsing: $1) },
        fault("latency", "DURATION", "0s", "The time before an answer begins."),
        fault("status", "CODE", "200", "The HTTP status of every answer."),
        fault("body", "TEXT", "", "Raw text instead of JSON."),
        fault("drip", "BYTES", "0", "Bytes of the body per second; 0 is as fast as it goes."),
        fault("refuse", "DURATION", "0s", "Close the listener for so long, from the start on."),
        fault("agentStatus", "TEXT", "RUNNING", "What agentStatus says.", flag: "agent-status"),
        fault("activeTaskCount", "COUNT", "", "A fixed count of tasks instead of one that moves.", flag: "tasks"),
        fault("activeRequestCount", "COUNT", "", "A fixed count of requests.", flag: "requests"),
        fault("openSessionsCount", "COUNT", "", "A fixed count of sessions.", flag: "sessions"),
        .toggle("simulate.hang", "SIMULATE_HANG", "Accept connections and never answer.") { $0.behavior.hang = $1 },
        .toggle("simulate.reset", "SIMULATE_RESET", "Cut the connection in the middle of the body.") {
            $0.behavior.reset = $1
        },
    ]

    private static func fault(
        _ setting: String,
        _ placeholder: String,
        _ standard: String,
        _ help: String,
        flag: String? = nil
    ) -> Flag<SimulationConfiguration> {
        let name = flag ?? setting
        let variable = "SIMULATE_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        return .value("simulate.\(name)", variable, placeholder, standard, help) {
            try $0.behavior.set(setting, to: $1)
        }
    }
}
