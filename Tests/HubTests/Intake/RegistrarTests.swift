import AsyncHTTP
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
                #expect(try registration.holds(component("a")) == !store.log.reader().registered().isEmpty)
            }
        }
        store.close()
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
