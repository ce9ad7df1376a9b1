import Cache
import Synchronization
import Testing

@Suite("Freshness")
struct FreshnessTests {
    /// What is seen at some seconds of a refresher whose fetches, ten seconds apart, have these outcomes and then fail.
    private func freshness(_ outcomes: [Bool], maxAge: Duration, at seconds: [Int]) -> [Freshness] {
        let seen = Mutex<[Freshness]>([])
        withRefresher(interval: .seconds(10)) { number, _ throws(Broken) in
            guard number <= outcomes.count, outcomes[number - 1] else { throw Broken() }
            return number
        } body: { refresher, world in
            for second in seconds {
                await world.sleep(.seconds(second) + .milliseconds(1) - world.clock.now.offset)
                let freshness = refresher.state.freshness(maxAge: maxAge, at: world.clock.now)
                seen.withLock { $0.append(freshness) }
            }
        }
        return seen.withLock { $0 }
    }

    @Test("a value is fresh between two successes, however short the max age")
    func fresh() {
        #expect(freshness([true, true], maxAge: .zero, at: [0, 9, 10, 19]) == Array(repeating: .fresh, count: 4))
    }

    @Test("after a failure it is held up to the max age, and expired from then on")
    func held() {
        #expect(freshness([true], maxAge: .seconds(15), at: [9, 11, 14, 15]) == [.fresh, .held, .held, .expired])
        #expect(freshness([true], maxAge: .seconds(5), at: [9, 11]) == [.fresh, .expired])
    }

    @Test("without a value there is nothing to trust, however often it was tried")
    func never() {
        #expect(freshness([], maxAge: .seconds(3600), at: [0, 5, 100]) == [.never, .never, .never])
    }

    @Test("it holds until the last good value is as old as the max age, to the nanosecond")
    func holdsUntil() {
        withRefresher { number, world throws(Broken) in
            await world.sleep(.seconds(1))
            if number > 1 { throw Broken() }
            return number
        } body: { refresher, world in
            #expect(refresher.state.holdsUntil(maxAge: .seconds(30)) == nil)
            await world.sleep(.seconds(20))
            let state = refresher.state
            let end = state.holdsUntil(maxAge: .seconds(30))
            #expect(end?.offset == .seconds(31))
            guard let end else { return }
            #expect(state.freshness(maxAge: .seconds(30), at: end) == .held)
            #expect(state.freshness(maxAge: .seconds(30), at: end.advanced(by: .nanoseconds(1))) == .expired)
        }
    }
}
