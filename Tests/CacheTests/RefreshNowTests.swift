import Cache
import Synchronization
import Testing

@Suite("refreshNow")
struct RefreshNowTests {
    @Test("a hundred callers share one extra fetch")
    func coalesced() {
        withRefresher(interval: .seconds(3600)) { number, world throws(Broken) in
            await world.sleep(.seconds(1))
            return number
        } body: { refresher, world in
            await world.sleep(.seconds(100))
            await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try? await refresher.refreshNow(deadline: .init(offset: .seconds(105))).reading?.value
                    }
                }
                for await value in group { #expect(value == 2) }
            }
            #expect(refresher.state.attempts == 2)
            #expect(world.clock.now.offset == .seconds(101))
        }
    }

    @Test("a caller who comes during a fetch gets one that began after the call")
    func notTheOneUnderWay() {
        withRefresher { number, world throws(Broken) in
            await world.sleep(.seconds(2))
            return number
        } body: { refresher, world in
            await world.sleep(.seconds(1))
            let state = try? await refresher.refreshNow(deadline: .init(offset: .seconds(60)))
            #expect(state?.reading?.value == 2)
            #expect(world.clock.now.offset == .seconds(4), "the wait between the two was skipped")
        }
    }

    @Test("each caller has its own deadline, and it does not end the fetch")
    func deadlines() {
        withRefresher { number, world throws(Broken) in
            await world.sleep(.seconds(4))
            return number
        } body: { refresher, world in
            await world.sleep(.seconds(5))
            async let patient = try? refresher.refreshNow(deadline: .init(offset: .seconds(30)))
            await #expect(throws: RefreshRequestError.deadlineExceeded) {
                try await refresher.refreshNow(deadline: .init(offset: .seconds(6)))
            }
            #expect(world.clock.now.offset == .seconds(6))
            #expect(await patient?.reading?.value == 2)
            #expect(world.clock.now.offset == .seconds(9))
        }
    }

    @Test("a failed fetch is an answer too")
    func failure() {
        withRefresher { _, _ throws(Broken) in
            throw Broken()
        } body: { refresher, world in
            await world.sleep(.milliseconds(1))
            let state = try? await refresher.refreshNow(deadline: .init(offset: .seconds(60)))
            #expect(state?.consecutiveFailures == 2)
        }
    }

    @Test("who asks before the run begins is answered by its first fetch")
    func early() {
        let world = World()
        let refresher = TestRefresher(
            schedule: RefreshSchedule(),
            clock: world.clock,
            generator: SeededGenerator(seed: 1),
            wallClock: { .zero },
            fetch: { _ throws(Broken) in 7 }
        )
        world.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    let state = try? await refresher.refreshNow(deadline: .init(offset: .seconds(60)))
                    #expect(state?.reading?.value == 7)
                }
                await world.sleep(.seconds(1))
                group.addTask { await refresher.run() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    @Test("a cancelled caller and a stopped refresher end the wait")
    func ended() {
        let outcomes = Mutex<[RefreshRequestError]>([])
        let kept = Mutex<TestRefresher?>(nil)
        let ask: @Sendable (TestRefresher) async -> Void = { refresher in
            do throws(RefreshRequestError) {
                _ = try await refresher.refreshNow(deadline: .init(offset: .seconds(3600)))
            } catch {
                outcomes.withLock { $0.append(error) }
            }
        }
        let world = World()
        world.run {
            let refresher = TestRefresher(
                schedule: RefreshSchedule(interval: .seconds(600), timeout: .seconds(100)),
                clock: world.clock,
                generator: SeededGenerator(seed: 1),
                wallClock: { .zero },
                fetch: { _ throws(Broken) in
                    await world.sleep(.seconds(50))
                    return 1
                }
            )
            kept.withLock { $0 = refresher }
            await withTaskGroup(of: Void.self) { callers in
                await withTaskGroup(of: Void.self) { run in
                    run.addTask { await refresher.run() }
                    await withTaskGroup(of: Void.self) { cancelled in
                        cancelled.addTask { await ask(refresher) }
                        await world.sleep(.seconds(1))
                        cancelled.cancelAll()
                    }
                    callers.addTask { await ask(refresher) }
                    await world.sleep(.seconds(1))
                    run.cancelAll()
                }
            }
            await ask(refresher)
        }
        #expect(outcomes.withLock { $0 } == [.cancelled, .stopped, .stopped])
    }
}
