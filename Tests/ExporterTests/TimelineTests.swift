import AsyncHTTP
import Testing

@testable import Cache
@testable import Exporter

@Suite("What has happened lately")
struct TimelineTests {
    private static let rules = VerdictConfiguration()

    private static func occasion(_ second: Double) -> Occasion {
        Occasion(Polls.instant(second), sinceEpoch: .seconds(1_700_000_000) + .seconds(second))
    }

    private static func verdict(_ polls: [(Double, Polls.Poll)], at second: Double) -> Verdict {
        Verdict(Polls.after(polls), rules, at: Polls.instant(second))
    }

    /// After one poll a second.
    private static func timeline(_ polls: [Polls.Poll], every step: Double = 1) -> Timeline {
        var timeline = Timeline(verdict([], at: 0), at: occasion(0))
        for (index, poll) in polls.enumerated() {
            let second = Double(index + 1) * step
            timeline = timeline.after(verdict([(second, poll)], at: second), at: occasion(second))
        }
        return timeline
    }

    private static let running = Polls.Poll.reads(Polls.reading("RUNNING"))

    private static let conditions: [(polls: [(Double, Polls.Poll)], second: Double, condition: Condition)] = [
        ([], 0, .starting), ([(0, running)], 1, .running), ([(0, .reads(Polls.reading("STOPPED")))], 1, .stopped),
        ([(0, .reads(Polls.reading("PENDING_SHUTDOWN")))], 1, .pendingShutdown),
        ([(0, .reads(Polls.reading("shutting_down")))], 1, .shuttingDown),
        ([(0, .reads(Polls.reading("PAUSED")))], 1, .unknown), ([(0, .reads(Polls.reading(nil)))], 1, .unknown),
        ([(0, running), (1, .fails(.timeout))], 1, .held), ([(0, running), (1, .fails(.invalidJSON))], 30, .held),
        ([(0, running), (1, .fails(.timeout))], 31, .unreachable), ([(0, .fails(.status))], 0, .unreachable),
        ([(0, running), (1, .fails(.invalidJSON))], 31, .unreadable), ([(0, .fails(.invalidJSON))], 0, .unreadable),
    ]

    @Test("a condition for every verdict", arguments: conditions)
    func condition(polls: [(Double, Polls.Poll)], second: Double, condition: Condition) {
        #expect(Condition(Self.verdict(polls, at: second)) == condition)
    }

    @Test("each condition has a word and a form of its own, and the later one is the worse")
    func distinct() {
        #expect(Set(Condition.allCases.map(\.word)).count == Condition.allCases.count)
        let forms = Condition.allCases.map { $0.svg.split(separator: "<path").last }
        #expect(Set(forms).count == Condition.allCases.count)
        #expect(Condition.allCases.sorted() == Condition.allCases)
    }

    @Test("a condition begins when it changes, not when it is seen again; time goes on without events")
    func since() {
        var timeline = Self.timeline([Self.running, Self.running, Self.running])
        #expect(timeline.since == Self.occasion(1) && timeline.events.count == 2)
        timeline = timeline.after(
            Self.verdict([(0, Self.running), (4, .fails(.connect))], at: 5),
            at: Self.occasion(5)
        )
        #expect(timeline.condition == .held && timeline.since == Self.occasion(5))
        #expect(timeline.events.first?.text == "Polls fail: connect: as arranged")
        timeline = timeline.after(Self.verdict([(6, Self.running)], at: 6), at: Self.occasion(6))
        #expect(timeline.events.first?.text == "Running again")
    }

    @Test("another reason to fail is an event, its details are not")
    func reasons() {
        let timeline = Self.timeline([.fails(.connect), .fails(.connect), .fails(.timeout)])
        #expect(
            timeline.events.map(\.text) == [
                "Unreachable: timeout: as arranged", "Unreachable: connect: as arranged", "The exporter has started",
            ]
        )
        #expect(timeline.since == Self.occasion(1))
    }

    @Test("an agent that changes its mind each second fills two events, and says since when")
    func flapping() {
        let polls = (0..<100).map { Polls.Poll.reads(Polls.reading($0 % 2 == 0 ? "RUNNING" : "STOPPED")) }
        let timeline = Self.timeline(polls)
        #expect(timeline.events.map(\.text) == ["Stopped", "Running", "The exporter has started"])
        #expect(timeline.events.map(\.times) == [50, 50, 1])
        #expect(timeline.events[0].first == Self.occasion(2) && timeline.events[0].latest == Self.occasion(100))
        #expect(Self.timeline(polls, every: 15).events.count == Timeline.kept, "what is far apart is told apart")
    }

    @Test("ten events are kept, and none is long, whatever an agent says")
    func bounded() {
        let words = (0..<1000).map { Polls.Poll.reads(Polls.reading("\($0)" + String(repeating: "é", count: 5000))) }
        let timeline = Self.timeline(words)
        #expect(timeline.events.count == Timeline.kept)
        #expect(timeline.events.allSatisfy { $0.text.utf8.count < 300 })
        #expect(timeline.events[0].text.hasPrefix("The agent says 999é"))
    }

    // MARK: The band

    @Test("the worst of each half minute stands in the band, and what goes on is carried forward")
    func band() {
        var band = StateBand()
        #expect(band.conditions(at: Polls.instant(0)).allSatisfy { $0 == nil })
        // The tests' clock begins 10 s into a slot.
        band.note(.running, at: Polls.instant(0))
        band.note(.unreachable, at: Polls.instant(5))
        band.note(.running, at: Polls.instant(6))
        #expect(band.conditions(at: Polls.instant(19)).suffix(2) == [nil, .unreachable])
        #expect(band.conditions(at: Polls.instant(20)).suffix(3) == [nil, .unreachable, .running])
        band.note(.held, at: Polls.instant(95))
        #expect(
            band.conditions(at: Polls.instant(95)).suffix(5) == [nil, .unreachable, .running, .running, .held]
        )
        band.note(.running, at: Polls.instant(96))
        #expect(band.conditions(at: Polls.instant(120)).suffix(2) == [.held, .running])
    }

    @Test("it is an hour long, however long nothing was said, and time that goes back does no harm")
    func hour() {
        var band = StateBand()
        band.note(.stopped, at: Polls.instant(0))
        #expect(band.conditions(at: Polls.instant(3569)).count == StateBand.slots)
        #expect(band.conditions(at: Polls.instant(3569)).first == .stopped)
        band.note(.running, at: Polls.instant(86_400))
        #expect(band.conditions(at: Polls.instant(86_400)).dropLast().allSatisfy { $0 == .stopped })
        #expect(band.conditions(at: Polls.instant(86_400 + 3600)).allSatisfy { $0 == .running })
        band.note(.held, at: Polls.instant(-5000))
        #expect(band.conditions(at: Polls.instant(86_400)).last == .held)
    }
}
