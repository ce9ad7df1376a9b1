import AsyncHTTP
import Hosting
import Reporting
import Telemetry

/// Workers that report to a hub as those of its predecessor do, spread evenly over the interval.
struct SimulatedWorkers: Sendable {
    private let simulation: WorkerSimulation
    private let loop: EventLoop
    private let hubs: [HTTPClient]
    private let clients: [ReportClient]

    /// - Parameters:
    ///   - security: encrypts, for a hub that is reached by https.
    ///   - fields: fields that make the workers known to the hub.
    ///   - failed: told on the loop of everything that the hub has not taken.
    init(
        _ simulation: WorkerSimulation,
        on loop: EventLoop,
        security: StreamSecurity? = nil,
        fields: @escaping @Sendable () async throws -> HeaderFields = { HeaderFields() },
        failed: @escaping @Sendable (ReportFailure) -> Void = { _ in }
    ) throws {
        self.simulation = simulation
        self.loop = loop
        let hub = simulation.hub
        let hubs = (0..<max(1, min(simulation.connections, simulation.count))).map { _ in
            HTTPClient(hub.endpoint, on: loop, security: security)
        }
        self.hubs = hubs
        let families = try WorkerFamilies()
        clients = try (0..<max(0, simulation.count)).map { index in
            let worker = SimulatedWorker(index + 1, of: simulation, families, at: .now)
            return ReportClient(
                try worker.configuration(simulation),
                through: hubs[index % hubs.count],
                target: hub.target("/api/metrics/report"),
                on: loop,
                source: { worker.reading(at: .now) },
                fields: fields,
                failed: failed
            )
        }
    }

    /// Reports until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for (index, client) in clients.enumerated() {
                let delay = simulation.interval * index / clients.count
                group.addTask(executorPreference: loop.taskExecutor) { [clock = loop.clock] in
                    guard (try? await clock.sleep(for: delay)) != nil else { return }
                    await client.run()
                }
            }
        }
        for hub in hubs { await hub.close() }
    }

    /// Reports that the hub has taken from all of them.
    var sent: Int { clients.reduce(0) { $0 + $1.statistics.sent } }
}
