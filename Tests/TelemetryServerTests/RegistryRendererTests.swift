import AsyncHTTP
import Synchronization
import Telemetry
import TestClock
import Testing

@testable import TelemetryServer

@Suite("Rendering a registry again and again")
struct RegistryRendererTests {
    private final class Counts: Sendable {
        let renders = Atomic<Int>(0)
        let beats = Atomic<Int>(0)
        let goesOn = Atomic<Bool>(true)
    }

    /// How often it was rendered, and how often it said that it runs, over a minute.
    private func minute(every interval: Duration) throws -> (renders: Int, beats: Int) {
        let counts = Counts()
        let registry = Registry()
        try registry.gauge("x", help: "") {
            counts.renders.add(1, ordering: .relaxed)
            return 1
        }
        let renderer = try RegistryRenderer(registry, every: interval)
        counts.renders.store(0, ordering: .relaxed)
        try withEventLoops { _ in
            let clock = ManualClock()
            await withTaskGroup { tasks in
                tasks.addTask {
                    await renderer.run(clock, while: { counts.goesOn.load(ordering: .relaxed) }) {
                        counts.beats.add(1, ordering: .relaxed)
                    }
                }
                await clock.advance(by: .milliseconds(59_999))
                counts.goesOn.store(false, ordering: .relaxed)
                await clock.advance(by: .seconds(10))
            }
        }
        return (counts.renders.load(ordering: .relaxed), counts.beats.load(ordering: .relaxed))
    }

    @Test("at its interval, to the moment, and with a beat a second at least")
    func interval() throws {
        #expect(try minute(every: .seconds(1)) == (60, 60))
        #expect(try minute(every: .milliseconds(1500)).renders == 40)
        #expect(try minute(every: .seconds(20)) == (3, 60))
        #expect(try minute(every: .milliseconds(100)).renders == 600)
    }

    @Test("never more often than makes sense", arguments: [Duration.zero, .seconds(-1), .nanoseconds(1)])
    func floor(interval: Duration) throws {
        #expect(try minute(every: interval).renders == 6000)
    }

    @Test("what scrapers have asked for is ready when they come again, and nothing else is made")
    func demand() throws {
        let (asked, other) = (Representation(.openMetrics100, .gzip), Representation(.text004, .identity))
        let counts = Counts()
        let registry = Registry()
        try registry.gauge("x", help: "") { Double(counts.renders.add(1, ordering: .relaxed).newValue) }
        let renderer = try RegistryRenderer(registry, every: .seconds(1))
        #expect(renderer.scrape(asked) != nil, "the first snapshot has everything")
        try withEventLoops { _ in
            let clock = ManualClock()
            await withTaskGroup { tasks in
                tasks.addTask { await renderer.run(clock, while: { true }, beat: {}) }
                await clock.advance(by: .seconds(1))
                let readings = counts.renders.load(ordering: .relaxed)
                #expect(renderer.scrape(asked) != nil)
                #expect(renderer.scrape(other) == nil, "nobody had asked for it")
                #expect(throws: Never.self) { try renderer.made(other) }
                #expect(renderer.scrape(other) != nil, "made once")
                #expect(counts.renders.load(ordering: .relaxed) == readings, "of what was read before")
                await clock.advance(by: .seconds(1))
                #expect(renderer.scrape(other) != nil, "and ready from now on")
                await clock.advance(by: .seconds(660))
                #expect(renderer.scrape(other) == nil && renderer.scrape(asked) == nil, "until nobody comes any more")
                tasks.cancelAll()
                await clock.advance(by: .seconds(10))
            }
        }
    }

    /// Counts its readings, each of which costs so much of a processor, by clocks that stand until they are moved.
    private final class Bench: Sendable {
        let renders = Atomic<Int>(0)
        private let now = Mutex(MonotonicInstant(nanoseconds: 0))
        private let spent = Mutex(Duration.zero)

        func renderer(cost: Duration, readsOnScrape: Bool = true) throws -> RegistryRenderer {
            let registry = Registry()
            try registry.gauge("x", help: "") { [self] in
                spent.withLock { $0 += cost }
                return Double(renders.add(1, ordering: .relaxed).newValue)
            }
            return try RegistryRenderer(
                registry,
                every: .seconds(1),
                readsOnScrape: readsOnScrape,
                clocks: .init(now: { self.now.withLock { $0 } }, spent: { self.spent.withLock { $0 } })
            )
        }

        func pass(_ time: Duration) {
            now.withLock { $0 = $0.advanced(by: time) }
        }
    }

    private static let asked = Representation(.text004, .identity)

    @Test("a scrape reads what is older than twenty times what that costs, and nobody reads it again meanwhile")
    func readsOnScrape() throws {
        let bench = Bench()
        let renderer = try bench.renderer(cost: .microseconds(200))
        let first = renderer.version
        bench.pass(.milliseconds(4))
        #expect(renderer.scrape(Self.asked) != nil && renderer.version == first)
        bench.pass(.microseconds(1))
        #expect(renderer.scrape(Self.asked) == nil && renderer.version != first)
        for _ in 0..<3 {
            let answer = try renderer.made(Self.asked)
            #expect(bench.renders.load(ordering: .relaxed) == 2)
            #expect(renderer.scrape(Self.asked) === answer)
        }
        #expect(renderer.version != first)
        let second = renderer.version
        bench.pass(.milliseconds(5))
        #expect(renderer.version != second && renderer.scrape(Self.asked) == nil)
    }

    @Test("where a reading costs a lot, or collectors may wait, a scrape has what was read before")
    func readsOnlyBefore() throws {
        for (cost, readsOnScrape) in [(5_000, true), (200, false)] {
            let bench = Bench()
            let renderer = try bench.renderer(cost: .microseconds(cost), readsOnScrape: readsOnScrape)
            bench.pass(.seconds(1))
            #expect(renderer.scrape(Self.asked) != nil)
            #expect(throws: Never.self) { try renderer.made(Self.asked) }
            #expect(bench.renders.load(ordering: .relaxed) == 1)
        }
    }
}
