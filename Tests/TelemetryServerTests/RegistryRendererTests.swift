import AsyncHTTP
import Glibc
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

    /// Counts how often it is gathered, which costs so much of a processor each time, by clocks that stand until they are moved.
    private final class Bench: Sendable {
        let gathered = Atomic<Int>(0)
        private let now = Mutex(MonotonicInstant(nanoseconds: 0))
        private let spent = Mutex(Duration.zero)

        func renderer(
            cost: Duration,
            rendersOnScrape: Bool = true,
            collecting: @escaping @Sendable () -> Void = {}
        ) throws -> RegistryRenderer {
            let registry = Registry()
            try registry.gauge("x", help: "") { [self] in
                collecting()
                spent.withLock { $0 += cost }
                return Double(gathered.add(1, ordering: .relaxed).newValue)
            }
            return try RegistryRenderer(
                registry,
                every: .seconds(1),
                rendersOnScrape: rendersOnScrape,
                clocks: .init(now: { self.now.withLock { $0 } }, spent: { self.spent.withLock { $0 } })
            )
        }

        var count: Int { gathered.load(ordering: .relaxed) }

        func pass(_ time: Duration) {
            now.withLock { $0 = $0.advanced(by: time) }
        }

        /// As a server does it.
        func scrape(_ renderer: RegistryRenderer, _ asked: Representation = plain) throws -> PreparedResponse {
            try renderer.scrape(asked) ?? renderer.made(asked)
        }
    }

    private static let plain = Representation(.text004, .identity)

    @Test("a scrape gathers, as long as all together take no more than a twentieth of a processor")
    func rendersOnScrape() throws {
        let bench = Bench()
        let renderer = try bench.renderer(cost: .milliseconds(1))
        // What may be saved: that of a second. What it took to begin with has been paid, too.
        for scrape in 1...51 {
            let version = renderer.version
            _ = try bench.scrape(renderer)
            bench.pass(.nanoseconds(1))
            #expect(bench.count == 1 + scrape && renderer.version != version)
        }
        let version = renderer.version
        let last = try bench.scrape(renderer)
        #expect(bench.count == 52 && renderer.version == version, "no more")
        #expect(try bench.scrape(renderer) === last)
        bench.pass(.milliseconds(20))
        _ = try bench.scrape(renderer)
        _ = try bench.scrape(renderer)
        #expect(bench.count == 53, "as much as has been saved since")
        bench.pass(.seconds(100))
        for _ in 0..<100 { _ = try bench.scrape(renderer) }
        #expect(bench.count == 53 + 51, "and never what was saved long ago")
    }

    @Test("where that costs a lot, or collectors may wait, a scrape has what was gathered before")
    func gathersOnlyBefore() throws {
        for (cost, rendersOnScrape) in [(5_000, true), (200, false)] {
            let bench = Bench()
            let renderer = try bench.renderer(cost: .microseconds(cost), rendersOnScrape: rendersOnScrape)
            bench.pass(.seconds(1))
            #expect(renderer.scrape(Self.plain) != nil)
            #expect(throws: Never.self) { try renderer.made(Self.plain) }
            #expect(bench.count == 1)
        }
    }

    @Test("who comes while somebody gathers waits for nobody")
    func waitsForNobody() throws {
        let bench = Bench()
        let (isHeld, isIn, isOver) = (Flag(), Flag(), Flag())
        let renderer = try bench.renderer(cost: .microseconds(1)) {
            guard isHeld.isSet else { return }
            isIn.set()
            isOver.wait()
        }
        isHeld.set()
        let hanging = try BackgroundLoop()
        try hanging.start { _ = try? renderer.made(Self.plain) }
        defer {
            isOver.set()
            hanging.join()
        }
        isIn.wait()
        #expect(try renderer.made(Self.plain).status == .ok)
        #expect(bench.count == 1)
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isSet: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
        func wait() {
            while !isSet { usleep(100) }
        }
    }
}
