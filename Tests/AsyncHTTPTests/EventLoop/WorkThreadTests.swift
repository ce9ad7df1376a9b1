import Glibc
import Synchronization
import Testing

@testable import AsyncHTTP

@Suite("Work that blocks")
struct WorkThreadTests {
    private struct Failure: Error {}

    private final class Gate: Sendable {
        let isOpen = Atomic<Bool>(false)
        let waiting = Atomic<Int>(0)

        func pass() {
            waiting.add(1, ordering: .relaxed)
            while !isOpen.load(ordering: .relaxed) { usleep(500) }
        }
    }

    @Test("is done elsewhere, in order, and its result comes back to the loop that asked")
    func results() throws {
        try withEventLoops { group in
            let work = WorkThread(capacity: 8)
            let thread = try await work.run { pthread_self() }
            #expect(thread != pthread_self())
            for number in 0..<20 { #expect(try await work.run { number * 2 } == number * 2) }
            #expect(group.first.isCurrent)
            await #expect(throws: Failure.self) { try await work.run { throw Failure() } }
        }
    }

    @Test("holds up no loop, and beyond its queue is refused at once")
    func bounded() throws {
        let gate = Gate()
        try withEventLoops { group in
            let work = WorkThread(capacity: 2)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await work.run { gate.pass() } }
                while gate.waiting.load(ordering: .relaxed) == 0 { await Task.yield() }
                for _ in 0..<2 { tasks.addTask { try await work.run {} } }
                for _ in 0..<20 { await Task.yield() }
                await #expect(throws: WorkThread.Refusal.full) { try await work.run {} }
                try await group.first.clock.sleep(for: .milliseconds(5))
                gate.isOpen.store(true, ordering: .relaxed)
                try await tasks.waitForAll()
            }
            #expect(try await work.run { true })
        }
    }

    @Test("has a thread only from its first use, and none when it has stopped or gone")
    func threads() throws {
        #expect(
            try eventually {
                let before = ThisProcess.threads
                var work: WorkThread? = WorkThread(capacity: 1)
                let idle = ThisProcess.threads
                try withEventLoops { [work] _ in try await work?.run {} }
                work?.stop()
                let stopped = ThisProcess.threads
                work = nil
                return before == idle && idle == stopped
            }
        )
        let work = WorkThread(capacity: 1)
        work.stop()
        work.stop()
        try withEventLoops { _ in
            _ = await #expect(throws: WorkThread.Refusal.stopped) { try await work.run {} }
        }
    }

    @Test("what waits when it is stopped is done first")
    func stops() throws {
        let (gate, done) = (Gate(), Gate())
        let work = WorkThread(capacity: 4)
        let thread = try BackgroundLoop()
        try thread.start {
            await withTaskGroup { tasks in
                tasks.addTask { try? await work.run { gate.pass() } }
                for _ in 0..<3 {
                    tasks.addTask { try? await work.run { _ = done.waiting.add(1, ordering: .relaxed) } }
                }
            }
        }
        #expect(eventually { gate.waiting.load(ordering: .relaxed) == 1 })
        usleep(20_000)
        gate.isOpen.store(true, ordering: .relaxed)
        work.stop()
        thread.join()
        #expect(done.waiting.load(ordering: .relaxed) == 3)
    }
}
