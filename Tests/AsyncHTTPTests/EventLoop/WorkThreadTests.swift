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

    @Test("has a tenth of what others have, if it is to be done so, and otherwise as much")
    func priority() throws {
        @Sendable func own() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        try withEventLoops { _ in
            let before = own()
            let (low, usual) = (WorkThread(capacity: 1, priority: .low), WorkThread(capacity: 1))
            let seen = [try await low.run(own), try await usual.run(own), own()]
            #expect(seen == [max(10, before), before, before])
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

    @Test("a task that is cancelled while its work waits is resumed at once, and the work is never started")
    func cancelledWhileItWaits() throws {
        let (gate, started) = (Gate(), Gate())
        defer { gate.isOpen.store(true, ordering: .relaxed) }
        try withEventLoops { group in
            let loop = group.first
            let work = WorkThread(capacity: 1)
            let first = Task(executorPreference: loop.taskExecutor) { try await work.run { gate.pass() } }
            #expect(try await eventually(on: loop) { gate.waiting.load(ordering: .relaxed) == 1 })
            let second = Task(executorPreference: loop.taskExecutor) {
                try await work.run { _ = started.waiting.add(1, ordering: .relaxed) }
            }
            for _ in 0..<20 { await Task.yield() }
            await #expect(throws: WorkThread.Refusal.full) { try await work.run {} }
            second.cancel()
            await #expect(throws: CancellationError.self) { try await second.value }
            let isOpen = gate.isOpen.load(ordering: .relaxed)
            #expect(!isOpen)
            // Its place is free again.
            let third = Task(executorPreference: loop.taskExecutor) { try await work.run { true } }
            for _ in 0..<20 { await Task.yield() }
            gate.isOpen.store(true, ordering: .relaxed)
            #expect(try await third.value)
            try await first.value
        }
        #expect(started.waiting.load(ordering: .relaxed) == 0)
    }

    @Test("a task that is cancelled while its work is done is resumed at once; one that was before asks for nothing")
    func cancelledMeanwhile() throws {
        let (gate, done) = (Gate(), Gate())
        defer { gate.isOpen.store(true, ordering: .relaxed) }
        let work = WorkThread(capacity: 1)
        try withEventLoops { group async throws in
            let loop = group.first
            let task = Task(executorPreference: loop.taskExecutor) {
                try await work.run {
                    gate.pass()
                    done.waiting.add(1, ordering: .relaxed)
                }
            }
            #expect(try await eventually(on: loop) { gate.waiting.load(ordering: .relaxed) == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(done.waiting.load(ordering: .relaxed) == 0)
            let late = Task(executorPreference: loop.taskExecutor) {
                while !Task.isCancelled { await Task.yield() }
                try await work.run { _ = done.waiting.add(100, ordering: .relaxed) }
            }
            late.cancel()
            await #expect(throws: CancellationError.self) { try await late.value }
        }
        gate.isOpen.store(true, ordering: .relaxed)
        work.stop()
        #expect(done.waiting.load(ordering: .relaxed) == 1)
    }

    @Test("whoever stops it waits for the thread's end, the second as well as the first")
    func stoppedTwice() throws {
        let (gate, done, stopped) = (Gate(), Gate(), Gate())
        let work = WorkThread(capacity: 1)
        let loop = try BackgroundLoop()
        try loop.start {
            try? await work.run {
                gate.pass()
                done.waiting.add(1, ordering: .relaxed)
            }
        }
        #expect(eventually { gate.waiting.load(ordering: .relaxed) == 1 })
        let stopping = try (0..<2).map { _ in
            try Thread.start {
                work.stop()
                // 1 for each that came back when the work was done.
                stopped.waiting.add(done.waiting.load(ordering: .relaxed), ordering: .relaxed)
            }
        }
        usleep(20_000)
        gate.isOpen.store(true, ordering: .relaxed)
        for thread in stopping { thread.join() }
        loop.join()
        #expect(stopped.waiting.load(ordering: .relaxed) == 2)
    }

    @Test("work that stops its own thread goes on, what waits is done, and others wait for the end")
    func stoppedByItself() throws {
        let (gate, done) = (Gate(), Gate())
        let work = WorkThread(capacity: 2)
        let loop = try BackgroundLoop()
        try loop.start {
            await withTaskGroup { tasks in
                tasks.addTask {
                    try? await work.run {
                        gate.pass()
                        work.stop()
                        done.waiting.add(1, ordering: .relaxed)
                    }
                }
                tasks.addTask {
                    try? await work.run {
                        usleep(20_000)
                        done.waiting.add(1, ordering: .relaxed)
                    }
                }
            }
            await #expect(throws: WorkThread.Refusal.stopped) { try await work.run {} }
        }
        #expect(eventually { gate.waiting.load(ordering: .relaxed) == 1 })
        usleep(20_000)
        gate.isOpen.store(true, ordering: .relaxed)
        #expect(eventually { done.waiting.load(ordering: .relaxed) > 0 })
        work.stop()
        #expect(done.waiting.load(ordering: .relaxed) == 2)
        loop.join()
    }
}
