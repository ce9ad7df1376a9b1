import AsyncHTTP
import Synchronization
import Testing

@testable import Hub

@Suite("The register")
struct RegistrarTests {
    private func component(_ name: String) -> Component { Component(type: "t", name: name) }

    @Test("memory says what the disk says, in whatever order it is asked")
    func order() async throws {
        let directory = try LogDirectory()
        let store = try LogStore(directory.configuration())
        let registration = Registration(isStrict: true, limit: 10)
        try withEventLoops { group throws in
            let registrar = Registrar(registration, store, Latest(), on: group.first)
            for _ in 0..<50 {
                await withDiscardingTaskGroup { tasks in
                    tasks.addTask { _ = try? await registrar.register(component("a"), at: midnight) }
                    tasks.addTask { try? await registrar.deregister(component("a")) }
                }
                #expect(try registration.holds(component("a")) == !store.registered().isEmpty)
            }
        }
        store.close()
    }

    @Test("who asks while another is being registered waits, so that neither is forgotten by one of the two")
    func turns() throws {
        let (store, registration) = (HeldStore(), Registration(isStrict: true, limit: 10))
        try withEventLoops { group in
            let registrar = Registrar(registration, store, Latest(), on: group.first)
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { _ = try? await registrar.register(component("a"), at: midnight) }
                await until { store.isHeld }
                tasks.addTask { try? await registrar.deregister(component("a")) }
                for _ in 0..<100 { await Task.yield() }
                store.letGo()
            }
            #expect(registration.holds(component("a")) == store.registers)
            #expect(!store.registers)
        }
    }

    @Test("what the disk does not take is not in memory either")
    func refused() throws {
        let registration = Registration(isStrict: true, limit: 10)
        try withEventLoops { group throws in
            let registrar = Registrar(registration, WilfulStore(refusing: .noSpace), Latest(), on: group.first)
            await #expect(throws: LogError.self) { try await registrar.register(component("a"), at: midnight) }
            #expect(registration.all.isEmpty)
            registration.add(component("b"))
            await #expect(throws: LogError.self) { try await registrar.deregister(component("b")) }
            #expect(registration.holds(component("b")))
        }
    }

    @Test("a full register gives up whom nobody has heard of, and nobody else")
    func full() throws {
        let (registration, latest) = (Registration(isStrict: true, limit: 1), Latest())
        try withEventLoops { group throws in
            let registrar = Registrar(registration, MemoryStore(), latest, on: group.first)
            #expect(try await registrar.register(component("silent"), at: midnight))
            #expect(try await registrar.register(component("a"), at: midnight))
            #expect(registration.all == [component("a")])
            let report = Report(component: component("a"), metrics: [], arrived: midnight)
            latest.apply(try latest.admit(DecodedReport(report)))
            #expect(try await !registrar.register(component("b"), at: midnight))
            #expect(registration.all == [component("a")])
        }
    }
}

/// A store in which a registration takes as long as a test wants.
private final class HeldStore: Store {
    private struct State {
        var isHeld = false
        var isLetGo = false
        var registers = false
    }

    private let state = Mutex(State())
    private let rest = MemoryStore()

    var isHeld: Bool { state.withLock { $0.isHeld } }
    /// Whether the last that it was asked for was to register.
    var registers: Bool { state.withLock { $0.registers } }
    func letGo() { state.withLock { $0.isLetGo = true } }

    func register(_ component: Component, at moment: Int64) async {
        state.withLock { ($0.isHeld, $0.registers) = (true, true) }
        await until { state.withLock { $0.isLetGo } }
    }

    func deregister(_ component: Component) { state.withLock { $0.registers = false } }

    let name = "held"
    let backlog = 0
    let size = ByteCount.bytes(0)
    let isFull = false
    func append(_ report: Report) -> Appended { rest.append(report) }
    func answer<Value: Sendable>(
        _ query: LogQuery,
        as make: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value { try await rest.answer(query, as: make) }
    func registered() -> [Component] { [] }
    func unexpired(at moment: Int64, ttl: Duration, after sequence: Int64) -> [LoggedReport] { [] }
    func tidy(at moment: Int64) {}
    func endOverdue(at now: MonotonicInstant) {}
    func close() {}
}
