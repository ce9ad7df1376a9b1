/// What the program is asked to do.
enum Subcommand: String, Sendable, Hashable, CaseIterable {
    case serve
    case demo
    case simulateAgent = "simulate-agent"
    case healthcheck
    case sleep

    static let exporters: [Subcommand] = [.serve, .demo]
    static let simulators: [Subcommand] = [.demo, .simulateAgent]

    /// `serve` is what happens without a word.
    var isImplied: Bool { self == .serve }

    var summary: String {
        switch self {
        case .serve: "poll the agent and answer scrapes; what happens when no command is named"
        case .demo: "the same, with a simulated agent inside the process"
        case .simulateAgent: "only the simulated agent, with faults on request"
        case .healthcheck: "one GET; exit 0 on 2xx, 1 otherwise"
        case .sleep: "wait for the duration that follows, such as 2s"
        }
    }
}
