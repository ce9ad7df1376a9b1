import AsyncHTTP
import Hosting
import Reporting
import Synchronization
import Telemetry
import TelemetryServer

/// One worker that works, and says so when it is asked.
final class SimulatedWorker: Sendable {
    private struct State {
        var workload: SimulatedWorkload
        var asked: MonotonicInstant
    }

    let name: String
    let instance: String
    let hostname: String
    private let families: WorkerFamilies
    private let state: Mutex<State>

    /// Some machines, each of which has several workers.
    private static let hosts = 5

    /// - Parameter number: from 1.
    init(_ number: Int, of simulation: WorkerSimulation, _ families: WorkerFamilies, at now: MonotonicInstant) {
        let digits = String(number)
        name = "\(simulation.pool)-\(digits.count < 2 ? "0" : "")\(digits)"
        hostname = "node-\((number - 1) % Self.hosts + 1)"
        instance = "\(hostname):\(number)"
        self.families = families
        let seed = simulation.seed &+ UInt64(truncatingIfNeeded: number)
        state = Mutex(State(workload: SimulatedWorkload(seed: seed), asked: now))
    }

    /// What it has to say now.
    func reading(at now: MonotonicInstant) -> [MetricFamily] {
        let workload = state.withLock { state in
            state.workload.advance(by: state.asked.duration(to: now))
            state.asked = now
            return state.workload
        }
        return families.families(
            SystemReader.Readings(
                processorPercent: workload.cpuPercent,
                memoryPercent: workload.memoryPercent,
                residentBytes: workload.residentBytes
            ),
            active: workload.activeTasks,
            waiting: workload.queueSize,
            completed: workload.tasksCompleted
        )
    }

    func configuration(_ simulation: WorkerSimulation) throws -> ReportConfiguration {
        var configuration = ReportConfiguration(name: name, type: "worker_pool", instance: instance)
        configuration.interval = simulation.interval
        configuration.labels = try Labels(["hostname": hostname])
        // Thousands of them are to fit while the hub is away.
        configuration.limits.readingReports = 20
        return configuration
    }
}
