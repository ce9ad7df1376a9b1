import AsyncHTTP
import Flags

extension FlagTable {
    static let simulation: [Flag<Configuration>] = [
        .value(
            "simulate.listen-address",
            "SIMULATE_LISTEN_ADDRESS",
            "ADDRESS",
            "",
            "Where the simulated agent listens. By default :8080, and any free port of the loopback within a demo."
        ) { $0.simulation.listenAddress = try ListenAddress(parsing: $1) },
        .value(
            "simulate.control-address",
            "SIMULATE_CONTROL_ADDRESS",
            "ADDRESS",
            "",
            "One more address for POST /simulate, which stays open while the agent refuses connections."
        ) { $0.simulation.controlAddress = try ListenAddress(parsing: $1) },
        fault("latency", "DURATION", "0s", "The time before an answer begins."),
        fault("status", "CODE", "200", "The HTTP status of every answer."),
        fault("body", "TEXT", "", "Raw text instead of JSON."),
        fault("drip", "BYTES", "0", "Bytes of the body per second; 0 is as fast as it goes."),
        fault("refuse", "DURATION", "0s", "Close the listener for so long, from the start on."),
        fault("agentStatus", "TEXT", "RUNNING", "What agentStatus says.", flag: "agent-status"),
        fault("activeTaskCount", "COUNT", "", "A fixed count of tasks instead of one that moves.", flag: "tasks"),
        fault("activeRequestCount", "COUNT", "", "A fixed count of requests.", flag: "requests"),
        fault("openSessionsCount", "COUNT", "", "A fixed count of sessions.", flag: "sessions"),
        faultToggle("hang", "Accept connections and never answer."),
        faultToggle("reset", "Cut the connection in the middle of the body."),
    ]

    private static func fault(
        _ setting: String,
        _ placeholder: String,
        _ standard: String,
        _ help: String,
        flag: String? = nil
    ) -> Flag<Configuration> {
        let name = flag ?? setting
        let variable = "SIMULATE_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        return .value("simulate.\(name)", variable, placeholder, standard, help) {
            try $0.simulation.behavior.set(setting, to: $1)
        }
    }

    private static func faultToggle(_ setting: String, _ help: String) -> Flag<Configuration> {
        .toggle("simulate.\(setting)", "SIMULATE_\(setting.uppercased())", help) {
            if setting == "hang" { $0.simulation.behavior.hang = $1 } else { $0.simulation.behavior.reset = $1 }
        }
    }
}
