import Glibc
import Synchronization
import Testing

@testable import AsyncHTTP

@Suite("Event loops: threads, jobs and what is left of them")
struct LoopTests {
    @Test("a program of loops has one thread each, and nothing runs anywhere else", arguments: [1, 4])
    func threads(count: Int) async {
        await #expect(processExitsWith: .success) { [count = count as Int] in
            let before = ThisProcess.threads
            let during = try withEventLoops(count: count) { group in
                try await withThrowingDiscardingTaskGroup { tasks in
                    for loop in group.loops {
                        tasks.addTask(executorPreference: loop.taskExecutor) {
                            for _ in 0..<10 { try await loop.clock.sleep(for: .milliseconds(1)) }
                            #expect(loop.isCurrent)
                        }
                    }
                }
                return ThisProcess.threads
            }
            #expect(during == before + count - 1)
            #expect(eventually { ThisProcess.threads == before })
        }
    }

    @Test("every descriptor is closed at the end, also what somebody has forgotten to close")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            func run() throws {
                try withEventLoops(count: 3) { group in
                    let (near, far) = try socketPair()
                    let channel = try Channel(Descriptor(owning: near), on: group.first)
                    channel.setDeadline(.now.advanced(by: .seconds(3600)))
                    far.close()
                    let signals = SignalSource([.user1], on: group.first)
                    let listening = Task(executorPreference: group.first.taskExecutor) { try await signals.next() }
                    await group.first.clock.pause()
                    listening.cancel()
                    _ = try await listening.value
                }
            }
            try run()
            let before = ThisProcess.descriptors
            for _ in 0..<10 { try run() }
            #expect(eventually { ThisProcess.descriptors <= before })
        }
    }

    @Test("a loop that has nothing to do leaves the processor to others")
    func idle() throws {
        let used = try withEventLoops(count: 2) { group in
            let (busy, idle) = (group.loops[0], group.loops[1])
            let before = await Self.processorTime(of: idle)
            // As much as another thread gets, so that it makes no difference how busy the machine is.
            let began = await Self.processorTime(of: busy)
            while Self.processorTime < began + .milliseconds(50) {}
            return await Self.processorTime(of: idle) - before
        }
        #expect(used < .milliseconds(10))
    }

    private static func processorTime(of loop: EventLoop) async -> Duration {
        await Task(executorPreference: loop.taskExecutor) { processorTime }.value
    }

    /// Of the thread that asks.
    private static var processorTime: Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test("work for a loop may come from any thread, and all of it is done")
    func execute() throws {
        let count = Atomic<Int>(0)
        try withEventLoops(count: 2) { group in
            let threads = try (0..<4).map { _ in
                try Thread.start {
                    for _ in 0..<1000 {
                        group.first.execute {
                            #expect(group.first.isCurrent)
                            count.add(1, ordering: .relaxed)
                        }
                    }
                }
            }
            #expect(try await eventually(on: group.first) { count.load(ordering: .relaxed) == 4000 })
            for thread in threads { thread.join() }
            var ran = false
            group.first.execute { count.add(1, ordering: .relaxed) }
            ran = count.load(ordering: .relaxed) == 4001
            #expect(ran, "on its own thread at once")
        }
    }

    @Test("tasks that never wait leave descriptors and deadlines their turns", arguments: [1, 1024])
    func boundedTick(jobs: Int) throws {
        var limits = EventLoopLimits()
        limits.jobsPerTick = jobs
        try withEventLoops(limits: limits) { group in
            let (near, far) = try socketPair()
            let channel = try Channel(Descriptor(owning: near), on: group.first)
            try far.send("abc")
            await withDiscardingTaskGroup { tasks in
                for _ in 0..<3 { tasks.addTask { while !Task.isCancelled { await Task.yield() } } }
                #expect(await channel.wait() == .ready)
                try? await group.first.clock.sleep(for: .milliseconds(5))
                tasks.cancelAll()
            }
            channel.close()
        }
    }

    @Test("of many that let others go first, some go on in each tick, in their order", arguments: [1, 2, 64])
    func boundedYields(limit: Int) throws {
        var limits = EventLoopLimits()
        limits.yieldsPerTick = limit
        try withEventLoops(limits: limits) { group in
            let order = Log<Int>()
            var ticks: Set<MonotonicInstant> = []
            await withTaskGroup(of: MonotonicInstant.self) { tasks in
                for number in 0..<6 {
                    tasks.addTask(executorPreference: group.first.taskExecutor) {
                        await withCheckedContinuation { group.first.state.resumeNextTick($0) }
                        order.append(number)
                        return group.first.state.now
                    }
                }
                for await tick in tasks { ticks.insert(tick) }
            }
            #expect(order.entries == Array(0..<6))
            #expect(ticks.count == (limit == 64 ? 1 : 6 / limit))
        }
    }

    @Test("another thread may not touch what belongs to a loop")
    func threadBound() async {
        await #expect(processExitsWith: .failure) {
            try withEventLoops(count: 2) { group in
                _ = group.loops[1].state.now
            }
        }
        await #expect(processExitsWith: .failure) {
            try withEventLoops(count: 2) { group in
                LoopSerialExecutor(core: try LoopCore(limits: EventLoopLimits())).checkIsolated()
            }
        }
    }

    @Test("a loop needs descriptors, and says so when there are none")
    func noDescriptors() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let usual = limit.rlim_cur
            limit.rlim_cur = 0
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let error = #expect(throws: SystemError.self) { try withEventLoops { _ in } }
            limit.rlim_cur = usual
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            #expect(error?.call == "eventfd")
            #expect(error?.errno == EMFILE)
        }
    }

    @Test("a broken pipe is not the end of the process")
    func brokenPipe() async {
        await #expect(processExitsWith: .success) {
            try withEventLoops { _ in
                var ends: [Int32] = [0, 0]
                #expect(unsafe pipe(&ends) == 0)
                close(ends[0])
                #expect(unsafe write(ends[1], "a", 1) == -1)
                #expect(errno == EPIPE)
            }
        }
    }

    @Test("the clock's instants are the system's, and far moments do not overflow")
    func instants() throws {
        try withEventLoops { group in
            let clock = group.first.clock
            #expect(clock.minimumResolution == .milliseconds(1))
            #expect(abs(clock.now.duration(to: .now).clampedNanoseconds) < 1_000_000_000)
        }
        let end = MonotonicInstant.distantFuture
        let start = MonotonicInstant(nanoseconds: .min)
        #expect(end.advanced(by: .seconds(1)) == end)
        #expect(start.advanced(by: .seconds(-1)) == start)
        #expect(start.duration(to: end) == .nanoseconds(Int64.max))
        #expect(end.duration(to: start) == .nanoseconds(Int64.min))
        #expect(Duration.seconds(Int64.max).clampedNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).clampedNanoseconds == .min)
        #expect(Duration.milliseconds(-1500).clampedNanoseconds == -1_500_000_000)
        #expect(wallClockNanoseconds() > 1_700_000_000_000_000_000)
    }
}
