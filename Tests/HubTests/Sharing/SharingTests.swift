import AsyncHTTP
import Cache
import TestPostgres
import Testing

@testable import Hub

@Suite("A hub that shares")
struct SharingTests {
    @Test("exports what others have reported to other hubs, and what they report later; itself it is nobody else")
    func export() async throws {
        let one = try HistoryFixture()
        let other = try HistoryFixture(beside: one)
        let history = try one.history()
        let latest = Latest(limits: LatestLimits())
        let write = { @Sendable (name: String, value: Double) async throws in
            _ = try await one.log.append(.sample(["m": value], of: name))
            _ = try await one.log.append(.sample(["m": 9], of: "own"))
        }
        try await write("a", 1)
        _ = try history.write(try one.unread(history))
        try sharing(into: latest, other) { sharing in
            await until { sharing.status.samples == 1 }
            #expect(latest.components().map(\.component.name) == ["a"])
        }
        try await write("b", 2)
        _ = try history.write(try one.unread(history))
        try sharing(into: latest, other) { sharing in
            await until { sharing.status.samples == 2 }
            #expect(Set(latest.components().map(\.component.name)) == ["a", "b"])
        }
    }

    @Test("says why it does not, and goes on when the database is back")
    func outage() throws {
        let server = Result { try TestPostgres() }
        let fixture = try HistoryFixture(server)
        _ = try fixture.history()
        try sharing(into: Latest(), fixture) { sharing in
            await until { sharing.status.failure == nil }
            try server.get().stop()
            await until { sharing.status.failures > 1 }
            try server.get().resume()
            await until { sharing.status.failure == nil }
        }
    }

    private func sharing(
        into latest: Latest,
        _ fixture: HistoryFixture,
        _ body: @escaping @Sendable (Sharing<EventLoopClock>) async throws -> Void
    ) throws {
        var configuration = SharingConfiguration(try fixture.database.configuration(), ttl: .seconds(300))
        configuration.interval = .milliseconds(1)
        configuration.backoff = Backoff(initial: .milliseconds(5), cap: .milliseconds(50))
        try withEventLoops { [configuration] group in
            let sharing = Sharing(
                configuration,
                into: latest,
                besides: fixture.log.identity,
                own: Component(type: "pool", name: "own"),
                clock: group.first.clock,
                wallClock: { midnight }
            )
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { await sharing.run() }
                try await body(sharing)
                tasks.cancelAll()
            }
            sharing.close()
        }
    }
}
