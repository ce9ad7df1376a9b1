import AsyncHTTP
import Cache
import Hosting
import Service
import Synchronization
import Telemetry
import TelemetryServer
import TestClock
import Testing

@testable import Exporter

@Suite("What is shown, from moment to moment")
struct VerdictKeeperTests {
    /// The sidecar's inside on a clock that stands still.
    final class Stage: Sendable {
        let clock = ManualClock()
        let pulse = Pulse(at: Polls.beginning)
        let history = History(pollInterval: .seconds(1))
        let catalogue: FamilyCatalogue
        let publisher: MomentPublisher
        let keeper: VerdictKeeper<ManualClock>
        private let lines = Lines()

        private final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }

        init(_ rules: VerdictConfiguration = VerdictConfiguration(), on loop: EventLoop) throws {
            var source = SourceConfiguration()
            source.gauges = [try GaugeMapping("app_queue=queue")]
            catalogue = try FamilyCatalogue(
                FamiliesConfiguration(),
                source,
                rules,
                ServerHolder(),
                isLocked: false,
                linesDropped: { 0 }
            )
            publisher = try MomentPublisher(
                catalogue,
                first: Verdict(PollState(), rules, at: Polls.beginning),
                rules,
                at: Polls.beginning,
                wallClock: { [clock] in .seconds(1_700_000_000) + Polls.beginning.duration(to: clock.now) },
                on: loop
            )
            let lines = lines
            let logger = Logger(LogConfiguration()) { bytes in
                lines.all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
                return true
            }
            keeper = VerdictKeeper(
                rules,
                metrics: catalogue.metrics,
                publisher: publisher,
                history: history,
                pulse: pulse,
                logger: logger,
                clock: clock,
                on: loop
            )
        }

        var log: [String] { lines.all.withLock { $0 } }
        var renders: Int { Int(catalogue.metrics.renders.value) }

        /// The body that is scraped now, without counting as a scrape.
        var body: String {
            let families = catalogue.families(publisher.verdict, publisher.moment.load, at: clock.now)
            return String(decoding: RenderedMetrics(families).representation(.text004, .identity).body, as: UTF8.self)
        }

        func has(_ name: String) -> Bool { body.contains("\n\(name) ") }
    }

    private func staged(
        _ rules: VerdictConfiguration = VerdictConfiguration(),
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) throws {
        try withEventLoops { group in
            let stage = try Stage(rules, on: group.first)
            await withTaskGroup { tasks in
                tasks.addTask { await stage.keeper.keepTime() }
                tasks.addTask { do { try await body(stage) } catch { Issue.record(error) } }
                await tasks.next()
                tasks.cancelAll()
            }
        }
    }

    private static func reading(_ status: String = "RUNNING") -> AgentReading {
        var reading = Polls.reading(status)
        reading.gauges = [7]
        return reading
    }

    @Test("a poll is shown at once: in the scrape, as a verdict, in the history")
    func polled() throws {
        try staged { stage in
            #expect(!stage.publisher.verdict.hasPolled)
            await stage.keeper.polled(Polls.after([(0, .reads(Self.reading()))]))
            #expect(stage.publisher.verdict.state == .running)
            #expect(stage.has("app_active_task_count") && stage.has("app_queue"))
            #expect(stage.history.points(at: Polls.beginning).last??.tasks == 3)
            #expect(stage.catalogue.metrics.polls.value == 1)
        }
    }

    @Test("an agent that changes with every poll does not fill the log, which ends with what holds")
    func flapping() throws {
        try staged { stage in
            func poll(_ polls: (second: Double, poll: Polls.Poll)...) async {
                await stage.keeper.polled(Polls.after(polls))
            }
            for number in 0..<200 {
                await poll((0, .reads(Self.reading("RUNNING"))))
                await poll((0, .reads(Self.reading("WORD \(number)"))))
                await poll((0, .reads(Self.reading("RUNNING"))), (0, .fails(.status)))
            }
            func lines(_ part: String) -> [String] { stage.log.filter { $0.contains(part) } }
            #expect(lines("agent state").count == 10 && lines("a status that is not known").count == 10)
            #expect(lines("poll failed").count == 10 && lines("agent answers again").count == 10)
            await poll((0, .reads(Self.reading("STOPPED"))))
            await stage.clock.advance(by: .seconds(60))
            await poll((60, .reads(Self.reading("STOPPED"))))
            #expect(stage.log.last?.contains("state=stopped") == true && lines("agent state").count == 11)
        }
    }

    @Test("a held reading goes as a whole, a millisecond after max-age, whether or not anybody looks")
    func expiry() throws {
        try staged { stage in
            await stage.keeper.polled(Polls.after([(0, .reads(Self.reading())), (0, .fails(.timeout))]))
            await stage.clock.advance(by: .milliseconds(30_000))
            for name in ["app_active_task_count", "app_open_sessions_count", "app_queue"] {
                #expect(stage.has(name), "\(name) is still held at max-age itself")
            }
            #expect(stage.publisher.verdict.state == .running)
            await stage.clock.advance(by: .milliseconds(2))
            for name in ["app_active_task_count", "app_open_sessions_count", "app_queue"] {
                #expect(!stage.has(name), "\(name) has been withdrawn with all others")
            }
            #expect(stage.publisher.verdict.state == .unreachable)
        }
    }

    @Test("without scrapes nothing is rendered; with them, once a second")
    func renders() throws {
        try staged { stage in
            await stage.keeper.polled(Polls.after([(0, .reads(Self.reading()))]))
            let before = stage.renders
            await stage.clock.advance(by: .seconds(5))
            #expect(stage.renders == before)
            for _ in 0..<5 {
                _ = stage.publisher.scrape(Representation(.text004, .gzip))
                _ = stage.publisher.scrape(Representation(.text004, .gzip))
                await stage.clock.advance(by: .seconds(1))
            }
            #expect(stage.renders == before + 5)
        }
    }

    @Test("the pulse beats for as long as time is kept")
    func pulse() throws {
        try staged { stage in
            await stage.clock.advance(by: .seconds(60))
            #expect(stage.pulse.isBeating(at: stage.clock.now))
            #expect(!stage.pulse.isBeating(at: stage.clock.now.advanced(by: .seconds(16))))
        }
    }

    @Test("a change of condition is an event at once, whether or not anybody looks; the wall clock says when")
    func timeline() throws {
        try staged { stage in
            await stage.keeper.polled(Polls.after([(0, .reads(Self.reading())), (0, .fails(.timeout))]))
            await stage.clock.advance(by: .milliseconds(30_002))
            let timeline = stage.publisher.moment.timeline
            #expect(timeline.events.map(\.condition) == [.unreachable, .held, .starting])
            #expect(timeline.condition == .unreachable && timeline.since.sinceEpoch >= .milliseconds(1_700_000_030_001))
        }
    }

    @Test("the log says what changes, once")
    func log() throws {
        try staged { stage in
            let polls: [(Double, Polls.Poll)] = [
                (0, .reads(Self.reading())), (1, .reads(Self.reading())), (2, .fails(.timeout)), (3, .fails(.timeout)),
                (4, .fails(.connect)), (5, .reads(Self.reading("PENDING_SHUTDOWN"))),
            ]
            for count in 1...polls.count { await stage.keeper.polled(Polls.after(Array(polls[..<count]))) }
            let messages = stage.log.map { line in
                ["agent state", "poll failed", "agent answers again"].first { line.contains("msg=\"\($0)\"") } ?? line
            }
            #expect(messages == ["agent state", "poll failed", "poll failed", "agent answers again", "agent state"])
            #expect(stage.log[0].contains("state=running before=none"))
            #expect(stage.log[1].contains("reason=timeout") && stage.log[2].contains("reason=connect"))
            #expect(stage.log[4].contains("state=pending_shutdown before=running"))
        }
    }
}
