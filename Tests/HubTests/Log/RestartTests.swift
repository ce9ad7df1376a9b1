import AsyncHTTP
import Hub
import Testing

@Suite("What a hub finds in the log when it starts again")
struct RestartTests {
    private static let lifetimes: [Duration?] = [
        nil, nil, .seconds(1), .seconds(60), .seconds(90), .seconds(3600), .seconds(20_000), .seconds(86_400),
        .seconds(1_000_000),
    ]

    /// Two days and a half, in tables of a day, of every lifetime; with some seconds in which the clock was set back.
    private static func filled(_ directory: LogDirectory) async throws -> Log {
        let log = try directory.log()
        var numbers = SeededNumbers(seed: 3)
        for number in 0..<900 {
            let setBack: Int64 = number % 100 > 90 ? 2000 : 0
            let report = Report(
                component: Component(type: "pool", name: "w\(number % 7)"),
                ttl: lifetimes.randomElement(using: &numbers) ?? nil,
                metrics: [ReportedMetric(name: "m", kind: .gauge, value: Double(number), time: midnight)],
                arrived: midnight + Int64(number) * 5 * day / 1800 - setBack
            )
            _ = try await log.append(report)
        }
        return log
    }

    @Test(
        "are the reports that are still exported, all and no others, in their order",
        arguments: [Duration.seconds(1), .seconds(300), .seconds(86_400)]
    )
    func unexpired(lifetime: Duration) async throws {
        let directory = try LogDirectory()
        let log = try await Self.filled(directory)
        let reader = try log.reader()
        let everything = try reader.read(after: 0, limit: 10_000)
        let end = try #require(everything.last?.arrived)
        for moment in [0, 1, 60_000, 90_001, hour, 6 * hour, day, 2 * day, 20 * day].map({ end + $0 }) {
            let expected = everything.filter { $0.arrived + Int64(($0.ttl ?? lifetime) / .milliseconds(1)) > moment }
            for limit in [1000, 7] {
                var (found, last) = ([LoggedReport](), Int64(0))
                while case let reports = try reader.unexpired(at: moment, ttl: lifetime, after: last, limit: limit),
                    let end = reports.last
                {
                    #expect(reports.count <= limit)
                    found += reports
                    last = end.sequence
                }
                #expect(found == expected, "\(moment - end) later, \(limit) at a time")
            }
        }
        log.close()
    }

    @Test("are found without a look at what has expired")
    func plan() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        // What has expired cannot be read, and nobody tries.
        for number in 0..<50 { _ = try await log.append(.sample(at: midnight + Int64(number))) }
        try Outsider(directory.file).execute("UPDATE report_1 SET samples = '' WHERE sequence < 50")
        let reports = try log.reader().unexpired(at: midnight + 1048, ttl: .seconds(1), limit: 100)
        #expect(reports.map(\.sequence) == [50])
        log.close()
    }

    @Test("are the components that were registered, and not taken from the register", arguments: [false, true])
    func registered(isReopened: Bool) async throws {
        let directory = try LogDirectory()
        var log = try directory.log { $0.limits.components = 3 }
        let plain = Component(type: "pool", name: "a")
        let others = [
            Component(type: "pool", name: "a", instance: "1"), Component(type: "p", name: "a"),
            Component(type: "\u{e9}", name: ""),
        ]
        try await log.register(plain, at: midnight)
        try await log.register(others[0], at: midnight)
        try await log.register(others[1], at: midnight)
        let error = await #expect(throws: LogError.self) { try await log.register(others[2], at: midnight) }
        #expect(error?.kind == .tooManySeries)
        // Whoever is there may come again.
        try await log.register(plain, at: midnight + 1)
        try await log.deregister(others[0])
        try await log.deregister(others[0])
        if isReopened {
            log.close()
            log = try directory.log { $0.limits.components = 3 }
        }
        try await log.register(others[2], at: midnight)
        #expect(Set(try log.reader().registered()) == [plain, others[1], others[2]])
        let full = await #expect(throws: LogError.self) { try await log.register(others[0], at: midnight) }
        #expect(full?.kind == .tooManySeries)
        #expect(try Outsider(directory.file).integer("SELECT max(registered) FROM registration") == midnight + 1)
        log.close()
    }
}
