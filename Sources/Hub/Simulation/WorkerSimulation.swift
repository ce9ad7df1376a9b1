import Reporting

/// Which workers are simulated, and to which hub they report.
struct WorkerSimulation: Sendable, Hashable {
    var count = 2
    /// Between two reports of a worker.
    var interval = Duration.seconds(15)
    /// What the names of the workers begin with.
    var pool = "worker-cpu"
    var hub = HubURL.local
    /// How many connections they share at most.
    var connections = 8
    /// Decides all their values.
    var seed: UInt64 = 1
}
