import AsyncHTTP

/// How the simulated agent behaves. Everything but the addresses can be changed while it runs.
struct SimulationConfiguration: Sendable, Hashable {
    /// Nil is the default of the command: `:8080` alone, any free port of the loopback within a demo.
    var listenAddress: ListenAddress?
    /// Where `POST /simulate` is answered even while the agent refuses connections.
    var controlAddress: ListenAddress?
    var behavior = SimulatedBehavior()
}

/// The faults, and values that stand instead of those that move by themselves.
struct SimulatedBehavior: Sendable, Hashable {
    /// Before an answer begins.
    var latency = Duration.zero
    /// A connection is accepted and never answered.
    var hang = false
    var status = 200
    /// Sent instead of JSON.
    var body: String?
    /// Bytes per second; 0 is as fast as it goes.
    var drip = 0
    /// The connection is cut in the middle of the body.
    var reset = false
    /// The listener is closed for so long.
    var refuse = Duration.zero
    var agentStatus = "RUNNING"
    var activeTasks: Int?
    var activeRequests: Int?
    var openSessions: Int?
}
