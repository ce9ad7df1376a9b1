import AsyncHTTP
import Flags
import Reporting
import Testing

@testable import Hub

@Suite("Simulated workers")
struct SimulatedWorkersTests {
    private static func reports(_ simulation: WorkerSimulation, until count: Int) throws -> AnsweringHub {
        let hub = AnsweringHub()
        try withEventLoops { group in
            try await hub.serve(on: group.first) { port in
                var simulation = simulation
                simulation.hub = try HubURL("http://127.0.0.1:\(port)")
                let workers = try SimulatedWorkers(simulation, on: group.first)
                await withTaskGroup { tasks in
                    tasks.addTask { await workers.run() }
                    await until { hub.reports.count >= count }
                    tasks.cancelAll()
                }
            }
        }
        return hub
    }

    @Test("each reports what workers of the predecessor do, in reports that a hub takes whole")
    func reports() throws {
        var simulation = WorkerSimulation()
        simulation.count = 3
        simulation.interval = .milliseconds(30)
        let hub = try Self.reports(simulation, until: 9)
        #expect(hub.rejections == 0)
        let reports = hub.reports
        #expect(Set(reports.map(\.component.name)) == ["worker-cpu-01", "worker-cpu-02", "worker-cpu-03"])
        #expect(Set(reports.map(\.component.type)) == ["worker_pool"])
        #expect(Set(reports.compactMap(\.component.instance)).count == 3)
        #expect(Set(reports.compactMap(\.reportID)).count == reports.count)
        for report in reports {
            #expect(
                report.metrics.map(\.name) == [
                    "noetl_system_cpu_usage_percent", "noetl_system_memory_usage_percent",
                    "noetl_process_memory_rss_bytes", "noetl_worker_active_tasks", "noetl_worker_queue_size",
                    "noetl_worker_tasks_completed_total",
                ]
            )
            #expect(report.metrics.map(\.kind) == [.gauge, .gauge, .gauge, .gauge, .gauge, .counter])
            #expect(report.metrics.allSatisfy { $0.labels.map(\.name) == ["hostname"] })
        }
    }

    @Test("hundreds share a few connections, and each is heard")
    func many() throws {
        var simulation = WorkerSimulation()
        simulation.count = 200
        simulation.interval = .milliseconds(200)
        let hub = try Self.reports(simulation, until: 400)
        #expect(Set(hub.reports.map(\.component.name)).count == 200)
    }

    @Test("they are spread over the interval")
    func spread() throws {
        var simulation = WorkerSimulation()
        simulation.count = 10
        simulation.interval = .seconds(3600)
        let hub = try Self.reports(simulation, until: 1)
        #expect(hub.reports.map(\.component.name) == ["worker-cpu-01"])
    }

    private static func configured(
        _ flags: [Flag<WorkerSimulation>],
        _ name: String,
        _ text: String
    ) throws -> WorkerSimulation {
        var simulation = WorkerSimulation()
        let flag = try #require(flags.first { $0.name == name })
        try flag.set(&simulation, to: [text], from: name)
        return simulation
    }

    @Test("flags have a prefix beside those of a hub, and the variables that the predecessor had")
    func flags() throws {
        let alone = WorkerSimulation.flags() + [WorkerSimulation.hubFlag]
        #expect(alone.map(\.name) == ["count", "interval", "pool", "hub.url"])
        #expect(
            alone.map(\.variable) == [
                "SIMULATE_COUNT", "NOETL_WORKER_HEARTBEAT_INTERVAL", "NOETL_WORKER_POOL_NAME", "NOETL_SERVER_URL",
            ]
        )
        let beside = WorkerSimulation.flags("simulate.")
        #expect(beside.map(\.name) == ["simulate.count", "simulate.interval", "simulate.pool"])
        #expect(try Self.configured(beside, "simulate.count", "100").count == 100)
        #expect(try Self.configured(alone, "interval", "15").interval == .seconds(15))
        #expect(try Self.configured(alone, "pool", "gpu").pool == "gpu")
        #expect(try Self.configured(alone, "hub.url", "http://hub:8082/api").hub.description == "http://hub:8082")
    }

    @Test(
        "what is no value is refused",
        arguments: [
            ("count", "-1"), ("count", "1000001"), ("interval", "0"), ("pool", ""), ("hub.url", "hub"),
        ]
    )
    func wrong(name: String, text: String) {
        #expect(throws: UsageErrors.self) {
            try Self.configured(WorkerSimulation.flags() + [WorkerSimulation.hubFlag], name, text)
        }
    }

    @Test("every default that is printed is the one that is used")
    func defaults() throws {
        for flag in WorkerSimulation.flags() + [WorkerSimulation.hubFlag] {
            #expect(try Self.configured([flag], flag.name, flag.standard) == WorkerSimulation(), "\(flag.name)")
        }
    }
}
