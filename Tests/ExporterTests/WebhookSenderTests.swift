import AsyncHTTP
import Service
import Synchronization
import Testing
import WebhookChecks
import Webhooks

@testable import Exporter

/// Receives webhooks as a program of ours would.
private final class Receiver: Sendable {
    struct Seen: Sendable {
        var statuses: [Int: Int] = [:]
        var bodies: Set<[UInt8]> = []
        var bytes = 0
    }

    private struct CutShort: Error {}

    private let gate: WebhookGate
    private let answer: @Sendable (_ number: Int) async throws -> Int?
    private let state = Mutex(Seen())

    /// - Parameter answer: the status for one that was let in; nil cuts the connection.
    init(_ answer: @escaping @Sendable (_ number: Int) async throws -> Int?) throws {
        gate = WebhookGate(trusting: [try #require(WebhookSecret("mysecretkey"))], refusesReplays: true)
        self.answer = answer
    }

    var seen: Seen { state.withLock { $0 } }

    @Sendable func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        let body = try await request.body.collect()
        let number = state.withLock { seen in
            seen.bodies.insert(body)
            seen.bytes += body.count
            return seen.bodies.count
        }
        var status: Int? = 200
        do throws(WebhookRefusal) {
            _ = try gate.admit(body, request.fields[WebhookSignature.fieldName], at: WallClock.sinceEpoch)
        } catch {
            status = 401
        }
        if status == 200 { status = try await answer(number) }
        state.withLock { $0.statuses[status ?? 0, default: 0] += 1 }
        guard let status else { return try await responder.stream(.ok) { _ in throw CutShort() } }
        return try await responder.send(Response(status: try HTTPStatus(code: status, reason: "")))
    }
}

/// Whether those who wait may go on.
private final class Barrier: Sendable {
    private let isOpen = Mutex(false)

    func open() { isOpen.withLock { $0 = true } }

    func wait() async {
        while !isOpen.withLock({ $0 }) { await Task.yield() }
    }
}

@Suite("Simulated webhooks: sending them")
struct WebhookSenderTests {
    private func send(
        _ change: (inout WebhookSimulation) -> Void,
        answer: @escaping @Sendable (Int) async throws -> Int? = { _ in 200 },
        meanwhile: @escaping @Sendable (WebhookSender, Receiver) async throws -> Void = { _, _ in }
    ) throws -> (WebhookTally, Receiver.Seen) {
        var simulation = WebhookSimulation()
        change(&simulation)
        let plan = try #require(WebhookPlan(simulation, secret: "mysecretkey", seed: 7))
        let receiver = try Receiver(answer)
        return try withEventLoops { group in
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: [group.first],
                handler: receiver.handle
            )
            let url = try ClientURL("http://127.0.0.1:\(server.port ?? 0)/webhook")
            let sender = WebhookSender(plan, to: url, on: group.first)
            try await withThrowingDiscardingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                tasks.addTask { try await meanwhile(sender, receiver) }
                await sender.run()
                server.shutdown(gracefully: false)
            }
            return (sender.tally, receiver.seen)
        }
    }

    private func statuses(_ tally: WebhookTally) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: tally.statuses.map { ($0.status, $0.count) })
    }

    @Test("what is counted here is what the receiver has counted, whatever each was meant for")
    func agrees() throws {
        let (tally, seen) = try send {
            ($0.count, $0.connections, $0.badSignatures, $0.failures) = (500, 5, 20, 10)
        } answer: { number in
            number % 50 == 0 ? 503 : 200
        }
        #expect(tally.sent == 500)
        #expect(statuses(tally) == seen.statuses)
        #expect(tally.refused == 100)
        #expect(tally.bytes == seen.bytes)
        #expect(seen.bodies.count == 500)
        #expect(tally.latency.count == 500)
    }

    @Test("a connection that breaks costs its webhook an answer, and no webhook is sent twice")
    func breaks() throws {
        let (tally, seen) = try send {
            ($0.count, $0.connections) = (90, 3)
        } answer: { number in
            number % 9 == 0 ? nil : 200
        }
        #expect((tally.sent, tally.accepted, tally.unanswered, tally.unsent) == (90, 80, 10, 0))
        #expect(seen.bodies.count == 90)
        #expect(tally.bytes == seen.bytes)
    }

    @Test("one that is stopped sends no more, and waits for what is under way")
    func stops() throws {
        let (tally, seen) = try send {
            ($0.count, $0.connections) = (1_000_000, 2)
        } meanwhile: { sender, _ in
            while sender.tally.sent < 10 { await Task.yield() }
            sender.stop()
        }
        #expect((10..<1_000_000).contains(tally.sent))
        #expect(tally.unanswered == 0)
        #expect(statuses(tally) == seen.statuses)
    }

    @Test("one that is aborted counts those under way as unanswered")
    func aborts() throws {
        let barrier = Barrier()
        let (tally, seen) = try send {
            ($0.count, $0.connections, $0.timeout) = (100, 2, .seconds(60))
        } answer: { _ in
            await barrier.wait()
            return 200
        } meanwhile: { sender, receiver in
            while receiver.seen.bodies.count < 2 { await Task.yield() }
            await sender.abort()
            barrier.open()
        }
        #expect((tally.sent, tally.unanswered) == (2, 2))
        #expect(seen.bodies.count == 2)
    }

    @Test("where nobody listens nothing was sent")
    func nobody() throws {
        var simulation = WebhookSimulation()
        simulation.count = 2
        let plan = try #require(WebhookPlan(simulation, secret: "s", seed: 7))
        let tally = try withEventLoops { group in
            // A server that was closed again has a port that nobody listens on.
            let server = try HTTPServer(
                listeningOn: [.host("127.0.0.1", port: 0)],
                loops: [group.first],
                handler: { _, responder in try await responder.send(.text("")) }
            )
            let url = try ClientURL("http://127.0.0.1:\(server.port ?? 0)/")
            server.shutdown(gracefully: false)
            try await server.run()
            let sender = WebhookSender(plan, to: url, on: group.first)
            await sender.run()
            return sender.tally
        }
        #expect((tally.sent, tally.unsent, tally.bytes) == (0, 2, 0))
    }
}
