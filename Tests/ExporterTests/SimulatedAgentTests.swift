import AsyncHTTP
import Service
import Testing

@testable import Exporter

@Suite("The simulated agent")
struct SimulatedAgentTests {
    private func simulated(
        _ configuration: SimulationConfiguration = SimulationConfiguration(),
        _ body: @escaping @Sendable (SimulatedAgent, Asking) async throws -> Void
    ) throws {
        try withEventLoops { group in
            let agent = try SimulatedAgent(
                configuration,
                defaultAddress: .host("127.0.0.1", port: 0),
                logger: Logger(LogConfiguration()) { _ in true },
                on: group.first
            )
            let asking = Asking(agent.endpoint, on: group.first)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await agent.run() }
                tasks.addTask { try await body(agent, asking) }
                try await tasks.next()
                await asking.client.close()
                tasks.cancelAll()
            }
        }
    }

    @Test("says what a working agent says")
    func document() throws {
        try simulated { _, asking in
            let answer = try await asking.get(SimulatedAgent.path)
            let reading = try AgentDecoder().decode(Array(answer.text.utf8))
            #expect(answer.status == 200)
            #expect(reading.state == .running && reading.invalidFields.isEmpty)
            #expect(reading.activeTasks != nil && reading.version != nil)
            #expect(try await asking.get("/elsewhere").status == 404)
        }
    }

    @Test("changes as it is told, all of it or nothing")
    func changes() throws {
        try simulated { _, asking in
            let changed = try await asking.post(
                "/simulate",
                #"{"agentStatus":"STOPPED","activeTaskCount":7,"status":503}"#
            )
            #expect(changed.status == 200)
            let answer = try await asking.get(SimulatedAgent.path)
            #expect(answer.status == 503)
            #expect(answer.text.contains(#""agentStatus":"STOPPED""#) && answer.text.contains(#""activeTaskCount":7"#))

            let refused = try await asking.post("/simulate", #"{"status":200,"latencyy":"1s"}"#)
            #expect(refused.status == 400)
            #expect(refused.text.contains("did you mean latency?"))
            #expect(try await asking.get(SimulatedAgent.path).status == 503)

            _ = try await asking.post("/simulate", #"{"status":null,"body":"no JSON"}"#)
            #expect(try await asking.get(SimulatedAgent.path) == (200, "no JSON"))
        }
    }

    @Test("cuts its answer in the middle when it is told to")
    func reset() throws {
        var configuration = SimulationConfiguration()
        configuration.behavior.reset = true
        try simulated(configuration) { _, asking in
            await #expect(throws: ClientError.self) { try await asking.get(SimulatedAgent.path) }
        }
    }

    @Test("closes its listener for as long as it refuses, and opens it again at the same address")
    func refuses() throws {
        try simulated { agent, asking in
            _ = try await asking.post("/simulate", #"{"refuse":"300ms"}"#)
            var wasRefused = false
            var answer = 0
            let end = MonotonicInstant.now.advanced(by: .seconds(10))
            while answer != 200 || !wasRefused, .now < end {
                do {
                    answer = try await asking.get(SimulatedAgent.path).status
                } catch {
                    wasRefused = true
                }
            }
            #expect(wasRefused && answer == 200)
            #expect(agent.endpoint == asking.client.endpoint)
        }
    }

    @Test(
        "its counts rise and fall with the time, the same in every run, and never below zero",
        arguments: [
            (0, [9, 24, 40]), (7, [13, 38, 47]), (45, [15, 34, 53]), (100, [8, 15, 68]), (157, [2, 38, 38]),
            (260, [15, 27, 27]), (50_893, [0, 12, 24]),
        ] as [(Int, [Int])]
    )
    func activity(seconds: Int, counts: [Int]) {
        let activity = SimulatedActivity(at: .seconds(seconds))
        #expect([activity.tasks, activity.requests, activity.sessions] == counts)
    }
}
