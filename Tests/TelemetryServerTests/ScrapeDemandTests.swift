import AsyncHTTP
import Telemetry
import TestClock
import Testing

@testable import TelemetryServer

@Suite("What is made before it is asked for")
struct ScrapeDemandTests {
    private static let text = Representation(.text004, .identity)
    private static let gzip = Representation(.openMetrics100, .gzip)

    @Test("what was asked for in the last ten minutes, and nothing else")
    func memory() async {
        let (demand, clock) = (ScrapeDemand(), ManualClock())
        #expect(demand.recent(at: clock.now).isEmpty && !demand.isThere)
        demand.note(Self.text)
        #expect(demand.isThere)
        #expect(demand.recent(at: clock.now) == [Self.text])
        #expect(!demand.isThere, "a look is the end of that")
        await clock.advance(by: .seconds(300))
        demand.note(Self.gzip)
        #expect(Set(demand.recent(at: clock.now)) == [Self.text, Self.gzip])
        await clock.advance(by: .milliseconds(299_999))
        #expect(Set(demand.recent(at: clock.now)) == [Self.text, Self.gzip])
        await clock.advance(by: .milliseconds(1))
        #expect(demand.recent(at: clock.now) == [Self.gzip])
        await clock.advance(by: .seconds(300))
        #expect(demand.recent(at: clock.now).isEmpty)
        demand.note(Self.text)
        #expect(demand.recent(at: clock.now) == [Self.text])
    }

    @Test("each representation is one of its own", arguments: Representation.all)
    func each(representation: Representation) {
        let demand = ScrapeDemand()
        for _ in 0..<3 { demand.note(representation) }
        #expect(demand.recent(at: ManualClock.beginning) == [representation])
    }

    @Test("a snapshot has what was to be ready, and makes the rest when somebody asks, once")
    func snapshot() throws {
        let registry = Registry()
        try registry.counter("jobs_total", help: "Jobs done.").increment()
        let snapshot = try ScrapeSnapshot(RenderedMetrics(registry), ready: [Self.text])
        #expect(Representation.all.filter { snapshot[$0] != nil } == [Self.text])
        let made = try snapshot.made(Self.gzip)
        #expect(try snapshot[Self.gzip] === made && snapshot.made(Self.gzip) === made)
        #expect(Set(Representation.all.filter { snapshot[$0] != nil }) == [Self.text, Self.gzip])
        #expect(try snapshot.made(Self.text) === snapshot[Self.text])
    }

    @Test("many who ask for what nobody had asked for get the same, made on its own loop")
    func maker() throws {
        let snapshot = try ScrapeSnapshot(RenderedMetrics(Registry()), ready: [])
        try withEventLoops(count: 2) { group in
            let maker = ScrapeMaker(on: group.loops[1])
            let answers = try await withThrowingTaskGroup { tasks in
                for _ in 0..<20 {
                    tasks.addTask { ObjectIdentifier(try await maker.make(Self.gzip, of: snapshot)) }
                }
                return try await tasks.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
        }
    }
}
