import AsyncHTTP
import Cache
import Telemetry
import TestClock
import Testing

@testable import Reporting

@Suite("Reporting to a hub")
struct ReportClientTests {
    private static let event = [ReportedSample("events_total", .counter, 1)]

    @Test("the source is read at once and at each interval, and each reading is a report with its time")
    func interval() throws {
        try Reporter.reporting { reporter in
            await reporter.clock.advance(by: .seconds(44))
            let taken = reporter.hub.taken
            #expect(taken.map { $0.values("readings_total") } == [[1], [2], [3]])
            #expect(taken.map(\.time) == [1_800_000_000, 1_800_000_015, 1_800_000_030])
            #expect(reporter.client.statistics.sent == 3)
            #expect(reporter.client.statistics.lastSuccess == Reporter.beginning + .seconds(30))
        }
    }

    @Test("hub away for 10 minutes: its owner never waits, and what was kept arrives once, in order")
    func away() throws {
        try Reporter.reporting(to: ScriptedHub(.isAway)) { reporter in
            var kept = 0
            for second in 0..<600 {
                if reporter.client.report([ReportedSample("event", .gauge, Double(second))]) == .kept { kept += 1 }
                await reporter.clock.advance(by: .seconds(1))
            }
            #expect(kept == 600)
            #expect(reporter.hub.taken.isEmpty)
            #expect(reporter.client.statistics.bytesWaiting > 600 * 64)
            // Waits of 1, 2, 4, 8, 16 and then 30 seconds, spread by a fifth.
            #expect((20...32).contains(reporter.hub.attempts.count), "\(reporter.hub.attempts.count)")

            reporter.hub.behaves(.takes)
            await reporter.clock.advance(by: .seconds(60))
            let taken = reporter.hub.taken
            #expect(taken.flatMap { $0.values("event") } == (0..<600).map(Double.init))
            #expect(taken.flatMap { $0.values("readings_total") } == (1...45).map(Double.init))
            #expect(taken.compactMap(\.time) == taken.compactMap(\.time).sorted())
            let statistics = reporter.client.statistics
            #expect((statistics.waiting, statistics.pending, statistics.bytesWaiting) == (0, 0, 0))
            #expect((statistics.readingsDropped, statistics.eventsDropped) == (0, 0))
        }
    }

    @Test("while the hub is away readings take no more than their place: the oldest go, and are counted")
    func boundedReadings() throws {
        try Reporter.reporting(to: ScriptedHub(.isAway)) {
            $0.limits.readingReports = 10
        } _: { reporter in
            await reporter.clock.advance(by: .seconds(600))
            #expect(reporter.client.statistics.waiting == 10)
            #expect(reporter.client.statistics.readingsDropped == 31)
            reporter.hub.behaves(.takes)
            await reporter.clock.advance(by: .seconds(45))
            // The first was under way all the time.
            let readings = reporter.hub.taken.flatMap { $0.values("readings_total") }
            #expect(readings.first == 1)
            #expect(readings.dropFirst().elementsEqual((0..<readings.count - 1).map { Double($0) + readings[1] }))
            #expect(readings.last == 44)
        }
    }

    @Test("events are kept or refused at once, and those that were kept are never dropped for readings")
    func boundedEvents() throws {
        try Reporter.reporting(to: ScriptedHub(.isAway)) {
            $0.limits.eventSamples = 5
            $0.limits.readingReports = 1
        } _: { reporter in
            var kept = 0
            for _ in 0..<10 {
                if reporter.client.report(Self.event) == .kept { kept += 1 }
                await reporter.clock.advance(by: .seconds(60))
            }
            #expect(kept == 5)
            #expect(reporter.client.statistics.eventsDropped == 5)
            reporter.hub.behaves(.takes)
            await reporter.clock.advance(by: .seconds(60))
            #expect(reporter.hub.taken.flatMap { $0.values("events_total") }.count == 5)
            #expect(reporter.client.report(Self.event) == .kept)
        }
    }

    @Test("an answer that was lost is not a report that is there twice")
    func lostAnswers() throws {
        try Reporter.reporting(to: ScriptedHub(.losesAnswers)) { reporter in
            await reporter.clock.advance(by: .seconds(14))
            #expect(reporter.hub.attempts.count > 2)
            #expect(Set(reporter.hub.attempts.map(\.identifier)).count == 1)
            reporter.hub.behaves(.takes)
            await reporter.clock.advance(by: .seconds(60))
            let readings = reporter.hub.taken.flatMap { $0.values("readings_total") }
            #expect(readings == (1...5).map(Double.init))
        }
    }

    @Test("a batch that is full does not wait for the interval; fewer events do")
    func batches() throws {
        try Reporter.reporting(readsSource: false) {
            $0.limits.samplesPerReport = 3
        } _: { reporter in
            await reporter.clock.advance(by: .seconds(1))
            for _ in 0..<7 { reporter.client.report(Self.event) }
            await reporter.clock.advance(by: .seconds(1))
            #expect(reporter.hub.taken.map(\.samples.count) == [3, 3, 1])
            reporter.client.report(Self.event)
            await reporter.clock.advance(by: .seconds(12))
            #expect(reporter.hub.taken.count == 3)
            #expect(reporter.client.statistics.pending == 1)
            await reporter.clock.advance(by: .seconds(1))
            #expect(reporter.hub.taken.count == 4)
            #expect(reporter.hub.taken.last?.time == 1_800_000_002)
        }
    }

    @Test(
        "what will never be taken is dropped and told; anything else is kept",
        arguments: [
            (400, ReportFailure.Reason.refused), (413, .refused), (422, .refused), (401, .unauthorized),
            (403, .unauthorized),
            (404, .unregistered), (429, .busy), (503, .busy), (500, .status), (302, .status), (405, .status),
        ]
    )
    func refusals(status: Int, reason: ReportFailure.Reason) throws {
        try Reporter.reporting(to: ScriptedHub(.answers(status, body: "because"))) { reporter in
            await reporter.clock.advance(by: .milliseconds(500))
            #expect(reporter.failures.reasons == [reason])
            #expect(reporter.client.statistics.failures == [reason: 1])
            #expect(reporter.client.statistics.waiting == (reason == .refused ? 0 : 1))
            reporter.hub.behaves(.takes)
            await reporter.clock.advance(by: .seconds(5))
            #expect(reporter.hub.taken.count == (reason == .refused ? 0 : 1))
        }
    }

    @Test(
        "a hub that says when to come again is left alone until then, within reason",
        arguments: [
            ("60", 60.0), ("999999999999999999999", 600.0),
        ]
    )
    func retryAfter(text: String, seconds: Double) throws {
        try Reporter.reporting(to: ScriptedHub(.answers(429, retryAfter: text))) { reporter in
            await reporter.clock.advance(by: .seconds(seconds - 1))
            #expect(reporter.hub.attempts.count == 1)
            reporter.hub.behaves(.takes)
            await reporter.clock.advance(by: .seconds(2))
            #expect(reporter.hub.taken.flatMap { $0.values("readings_total") }.first == 1)
            #expect(reporter.client.statistics.waiting == 0)
        }
    }

    @Test("samples that the hub rejects are counted and told, and the rest is done")
    func rejected() throws {
        let body =
            #"{"status":"ok","metrics_inserted":0,"rejected":[{"index":0,"metric_name":"up","reason":"reserved"}]}"#
        try Reporter.reporting(to: ScriptedHub(.answers(200, body: body))) { reporter in
            await reporter.clock.advance(by: .seconds(1))
            #expect(reporter.failures.reasons == [.rejected])
            #expect(reporter.client.statistics.samplesRejected == 1)
            #expect(reporter.client.statistics.sent == 1)
            #expect(reporter.client.statistics.waiting == 0)
        }
    }

    @Test("a flush sends what waits at once, though a backoff was under way")
    func flushBesideRun() throws {
        try Reporter.reporting(to: ScriptedHub(.isAway)) {
            $0.backoff = Backoff(initial: .seconds(3600), cap: .seconds(3600))
        } _: { reporter in
            await reporter.clock.advance(by: .seconds(20))
            reporter.client.report(Self.event)
            reporter.hub.behaves(.takes)
            async let isDone = reporter.client.flush(within: .seconds(5))
            await reporter.clock.advance(by: .seconds(6))
            #expect(await isDone)
            #expect(reporter.hub.taken.flatMap { $0.values("readings_total") } == [1, 2, 3])
            #expect(reporter.hub.taken.flatMap { $0.values("events_total") } == [1])
        }
    }

    @Test("a flush after the end sends what waits, and gives up in time")
    func flushAfterRun() throws {
        try Reporter.reporting(to: ScriptedHub(.isAway), runs: false) { reporter in
            reporter.client.report(Self.event)
            async let gaveUp = reporter.client.flush(within: .seconds(5))
            await reporter.clock.advance(by: .seconds(5))
            #expect(await !gaveUp)
            #expect(reporter.client.statistics.waiting == 2)
            reporter.hub.behaves(.takes)
            async let isDone = reporter.client.flush(within: .seconds(5))
            await reporter.clock.advance(by: .seconds(6))
            #expect(await isDone)
            #expect(reporter.hub.taken.map(\.samples.count) == [1, 1, 1])
        }
    }

    @Test("a flush beside a run that is ending takes over from it")
    func flushBesideEnd() throws {
        try Reporter.reporting(to: ScriptedHub(.isAwaySlowly), runs: false) { reporter in
            await withTaskGroup { tasks in
                tasks.addTask { await reporter.client.run() }
                await reporter.clock.advance(by: .milliseconds(100))
                #expect(reporter.hub.attempts.count == 1)
                reporter.hub.behaves(.takes)
                tasks.cancelAll()
                async let isDone = reporter.client.flush(within: .seconds(5))
                await reporter.clock.advance(by: .seconds(6))
                #expect(await isDone)
                #expect(reporter.hub.taken.flatMap { $0.values("readings_total") } == [1, 2])
            }
        }
    }
}
