import Testing

@testable import AsyncHTTP

@Suite("Event loops")
struct EventLoopTests {
    /// An actor that lives on a loop, as connections do.
    actor Resident {
        let loop: EventLoop
        private var count = 0

        init(on loop: EventLoop) {
            self.loop = loop
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

        func increment() -> (Int, Bool) {
            count += 1
            return (count, loop.isCurrent)
        }
    }

    @Test("the body's value and its error come back to the caller")
    func outcome() throws {
        struct Failure: Error {}
        #expect(try withEventLoops { _ in 42 } == 42)
        #expect(throws: Failure.self) { try withEventLoops { _ in throw Failure() } }
    }

    @Test("what is sent to a loop that has ended is let go, and does not keep the loop")
    func ended() throws {
        final class Token: Sendable {}
        let loop = try withEventLoops { $0.first }
        weak var token: Token?
        do {
            let held = Token()
            token = held
            loop.execute { _ = held }
        }
        #expect(token == nil)
    }

    @Test("an actor pinned to a loop runs there, whoever calls", arguments: [1, 2, 3])
    func pinned(count: Int) throws {
        let everywhere = try withEventLoops(count: count) { group in
            let residents = group.loops.map(Resident.init(on:))
            return await withTaskGroup { tasks in
                for loop in group.loops {
                    for resident in residents {
                        tasks.addTask(executorPreference: loop.taskExecutor) {
                            for _ in 0..<1000 where await !resident.increment().1 { return false }
                            return loop.isCurrent
                        }
                    }
                }
                return await tasks.allSatisfy { $0 }
            }
        }
        #expect(everywhere)
    }

    @Test("a sleep ends when it is due, and not before", arguments: [0, 1, 20])
    func sleeping(milliseconds: Int) throws {
        let slept = try withEventLoops { group in
            let clock = group.first.clock
            return try await clock.measure { try await clock.sleep(for: .milliseconds(milliseconds)) }
        }
        #expect(slept >= .milliseconds(milliseconds))
        #expect(slept < .seconds(5))
    }

    @Test("a cancelled sleep ends at once and leaves nothing behind", arguments: [true, false])
    func cancelledSleep(before: Bool) throws {
        try withEventLoops(count: 2) { group in
            let clock = group.loops[1].clock
            await withTaskGroup { tasks in
                tasks.addTask {
                    await #expect(throws: CancellationError.self) { try await clock.sleep(for: .seconds(3600)) }
                }
                if !before { try? await group.first.clock.sleep(for: .milliseconds(5)) }
                tasks.cancelAll()
            }
        }
    }
}
