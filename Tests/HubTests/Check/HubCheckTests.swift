import AsyncHTTP
import Flags
import Reporting
import Synchronization
import Testing

@testable import Hub

@Suite("Checking a hub")
struct HubCheckTests {
    private static func lines(
        _ spoil: @escaping AnsweringHub.Spoil = { $1 },
        within timeout: Duration = .seconds(10)
    ) throws -> [String] {
        let hub = AnsweringHub(spoil)
        return try withEventLoops { group in
            try await hub.serve(on: group.first) { port in
                let client = HTTPClient(.internet(host: "127.0.0.1", port: port), on: group.first)
                var generator = SystemRandomNumberGenerator()
                let check = HubCheck(
                    try HubURL("http://127.0.0.1:\(port)/api"),
                    through: client,
                    within: timeout,
                    clock: group.first.clock,
                    generator: &generator
                )
                let findings = await check.run()
                await client.close()
                return findings.map(\.line)
            }
        }
    }

    @Test("a hub that is as it should be passes four checks")
    func good() throws {
        #expect(
            try Self.lines() == [
                "ok   schema: 10 columns", "ok   endpoints: self-report, report, query, export",
                "ok   collection: a report of agent-hub-check is found again",
                "ok   export: valid text, with the component that has reported",
            ]
        )
    }

    @Test(
        "each endpoint that fails is named, and fails what depends on it",
        arguments: [
            ("/api/metrics/self-report", "POST", ["endpoints"]),
            ("/api/metrics/report", "POST", ["endpoints", "collection"]),
            ("/api/metrics/query", "GET", ["schema", "endpoints", "collection"]),
            ("/api/metrics/prometheus", "GET", ["endpoints", "export"]),
        ]
    )
    func bad(path: String, method: String, failing: [String]) throws {
        let lines = try Self.lines({ $0 == path ? .text("broken", status: .internalServerError) : $1 }, within: .zero)
        let failed = lines.filter { $0.hasPrefix("FAIL") }
        #expect(failed.map { String($0.dropFirst(5).prefix { $0 != ":" }) } == failing)
        #expect(lines.contains { $0.contains(#"\#(method) \#(path) answered 500: "broken\n""#) })
    }

    @Test("what is found a little later is waited for")
    func later() throws {
        let asked = Counts()
        let lines = try Self.lines { path, response in
            guard path == "/api/metrics/query" || path == "/api/metrics/prometheus" else { return response }
            return asked.next(path) < 3 ? .text("") : response
        }
        #expect(lines.allSatisfy { $0.hasPrefix("ok") }, "\(lines)")
    }

    private final class Counts: Sendable {
        private let counts = Mutex<[String: Int]>([:])
        func next(_ path: String) -> Int {
            counts.withLock { counts in
                counts[path, default: 0] += 1
                return counts[path] ?? 0
            }
        }
    }

    @Test("the command prints a line for each check, and its status says whether all is well")
    func command() throws {
        let printed = Printed()
        var configuration = HubCheckConfiguration()
        configuration.timeout = .milliseconds(1)
        let status = try HubCheck.run(HubURL("unix:/nowhere/hub.sock"), configuration, write: { printed.add($0) })
        #expect(status == 1)
        let lines = printed.lines
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.hasPrefix("FAIL ") && $0.hasSuffix("\n") })
        #expect(lines[1].contains("POST /api/metrics/self-report: connect"))
    }

    private final class Printed: Sendable {
        private let all = Mutex<[String]>([])
        var lines: [String] { all.withLock { $0 } }
        func add(_ line: String) { all.withLock { $0.append(line) } }
    }

    @Test("it is told one hub, by its URL", arguments: [[], ["a", "b"], ["hub:8082"]])
    func operands(operands: [String]) {
        #expect(throws: UsageError.self) { try HubCheckConfiguration.hub(in: operands) }
    }
}
