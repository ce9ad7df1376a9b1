import Cache
import Glibc
import Synchronization
import Testing

struct Broken: Error, Equatable {}
typealias TestRefresher = Refresher<Int, Broken, VirtualClock, SeededGenerator>
typealias TestState = TestRefresher.State

/// Runs a refresher whose n-th fetch (from 1) is `fetch(n)`, while `body` looks on; it ends when the body does.
func withRefresher(
    interval: Duration = .seconds(10),
    timeout: Duration = .seconds(5),
    publish: @escaping @Sendable (TestState) -> Void = { _ in },
    fetch: @escaping @Sendable (Int, World) async throws(Broken) -> Int,
    body: @escaping @Sendable (TestRefresher, World) async -> Void
) {
    let world = World()
    let count = Atomic(0)
    world.run {
        let refresher = TestRefresher(
            schedule: RefreshSchedule(interval: interval, timeout: timeout),
            clock: world.clock,
            generator: SeededGenerator(seed: 1),
            wallClock: { .seconds(1_700_000_000) + world.clock.now.offset },
            fetch: { _ throws(Broken) in try await fetch(count.add(1, ordering: .relaxed).newValue, world) },
            publish: publish
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await refresher.run() }
            await body(refresher, world)
            group.cancelAll()
        }
    }
}

/// An actor that lives on the world's thread, as one that is pinned to an event loop does.
private actor Loop {
    let executor: DrainedActorExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ executor: DrainedActorExecutor) { self.executor = executor }

    func serve(_ refresher: TestRefresher) async { await refresher.run() }
}

extension World {
    func sleep(_ duration: Duration) async {
        try? await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
    }
}

@Suite("Refresher")
struct RefresherTests {
    @Test("a success is published with both times, and the next fetch comes after the interval")
    func success() {
        withRefresher { number, world throws(Broken) in
            await world.sleep(.seconds(1))
            return number
        } body: { refresher, world in
            #expect(refresher.state.reading == nil)
            await world.sleep(.seconds(2))
            let first = refresher.state
            #expect(first.reading?.value == 1)
            #expect(first.reading?.instant.offset == .seconds(1))
            #expect(first.reading?.sinceEpoch == .seconds(1_700_000_001))
            #expect(first.lastAttempt?.started.offset == .zero)
            #expect(first.wait == .seconds(10))
            await world.sleep(.seconds(9) + .milliseconds(999))
            #expect(refresher.state.attempts == 1)
            await world.sleep(.milliseconds(2))
            #expect(refresher.state.attempts == 2)
        }
    }

    @Test("a failure keeps the last good value, says why, and the first retry is quick")
    func failure() {
        withRefresher(interval: .seconds(60)) { number, _ throws(Broken) in
            if number == 2 { throw Broken() }
            return number
        } body: { refresher, world in
            await world.sleep(.seconds(60) + .milliseconds(1))
            let held = refresher.state
            #expect(held.reading?.value == 1)
            #expect(held.lastAttempt?.failure == .fetch(Broken()))
            #expect(held.consecutiveFailures == 1)
            #expect(held.wait <= .seconds(1.2))
            await world.sleep(.seconds(2))
            #expect(refresher.state.reading?.value == 3)
            #expect(refresher.state.consecutiveFailures == 0)
        }
    }

    @Test("a fetch that hangs is cancelled at its deadline and counts as a failure")
    func hang() {
        withRefresher { _, world throws(Broken) in
            await world.sleep(.seconds(1_000_000))
            throw Broken()
        } body: { refresher, world in
            await world.sleep(.seconds(5) + .milliseconds(1))
            #expect(refresher.state.lastAttempt?.failure == .deadlineExceeded)
            #expect(refresher.state.lastAttempt?.finished.offset == .seconds(5))
        }
    }

    @Test("a fetch that ignores cancellation is a failure at its deadline, and is waited for before the next one")
    func stubborn() {
        withRefresher { number, world throws(Broken) in
            if number == 1 { await world.clock.sleepStubbornly(until: .init(offset: .seconds(50))) }
            return number
        } body: { refresher, world in
            await world.sleep(.seconds(49))
            #expect(refresher.state.attempts == 1)
            #expect(refresher.state.lastAttempt?.failure == .deadlineExceeded)
            await world.sleep(.seconds(2))
            #expect(refresher.state.attempts == 2)
            #expect(refresher.state.reading?.value == 2)
        }
    }

    @Test("the fetch is told its deadline")
    func deadline() {
        let world = World()
        let told = Mutex<VirtualClock.Instant?>(nil)
        world.run {
            let refresher = TestRefresher(
                schedule: RefreshSchedule(timeout: .seconds(3)),
                clock: world.clock,
                generator: SeededGenerator(seed: 1),
                wallClock: { .zero },
                fetch: { deadline throws(Broken) in
                    told.withLock { $0 = deadline }
                    return 1
                }
            )
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await refresher.run() }
                await world.sleep(.milliseconds(1))
                await refresher.run()
                #expect(refresher.state.attempts == 1, "a second run returns at once")
                group.cancelAll()
            }
        }
        #expect(told.withLock { $0?.offset } == .seconds(3))
    }

    @Test("everything runs on the thread of the caller's executor")
    func placement() {
        let here = pthread_self()
        let elsewhere = Atomic(0)
        let look: @Sendable () -> Void = {
            if pthread_equal(pthread_self(), here) == 0 { elsewhere.add(1, ordering: .relaxed) }
        }
        withRefresher(publish: { _ in look() }) { number, world throws(Broken) in
            look()
            await world.sleep(.milliseconds(10))
            look()
            return number
        } body: { _, world in
            await world.sleep(.seconds(100))
        }
        #expect(elsewhere.load(ordering: .relaxed) == 0)
    }

    @Test("a run that an actor awaits publishes on that actor, and leaves its thread never")
    func isolation() {
        let here = pthread_self()
        let world = World()
        let loop = Loop(DrainedActorExecutor(world.executor))
        let published = Mutex<[Bool]>([])
        let refresher = TestRefresher(
            schedule: RefreshSchedule(interval: .seconds(1)),
            clock: world.clock,
            generator: SeededGenerator(seed: 1),
            wallClock: { .zero },
            fetch: { _ throws(Broken) in
                await world.sleep(.milliseconds(10))
                guard pthread_equal(pthread_self(), here) != 0 else { throw Broken() }
                return 1
            },
            publish: { state in
                let isAtHome = loop.executor.runsNow && pthread_equal(pthread_self(), here) != 0
                published.withLock { $0.append(isAtHome && state.consecutiveFailures == 0) }
            }
        )
        world.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await loop.serve(refresher) }
                await world.sleep(.seconds(10))
                group.cancelAll()
            }
        }
        #expect(published.withLock { $0 } == Array(repeating: true, count: 10))
    }

    @Test("a cancelled run publishes nothing more, whatever its fetch does")
    func cancellation() {
        let published = Atomic(0)
        withRefresher(publish: { _ in published.add(1, ordering: .relaxed) }) { _, world throws(Broken) in
            await world.sleep(.seconds(3))
            throw Broken()
        } body: { _, world in
            await world.sleep(.seconds(1))
        }
        #expect(published.load(ordering: .relaxed) == 0)
    }
}
