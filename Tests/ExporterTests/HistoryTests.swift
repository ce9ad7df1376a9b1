import Testing

@testable import Exporter

@Suite("The last ten minutes")
struct HistoryTests {
    @Test("a ring keeps ten minutes, bridges polls that are far apart, and shows gaps")
    func history() {
        let history = History(pollInterval: .seconds(10))
        func point(_ tasks: Double) -> History.Point { History.Point(tasks: tasks, requests: 0, sessions: 0) }
        history.record(point(1), at: Polls.instant(0))
        history.record(point(2), at: Polls.instant(10))
        #expect(history.points(at: Polls.instant(10)).suffix(6).map { $0?.tasks } == [1, 1, 1, 1, 1, 2])
        let later = history.points(at: Polls.instant(60))
        #expect(later.count == History.slots)
        #expect(later.last == .some(nil))
        #expect(history.points(at: Polls.instant(700)).allSatisfy { $0 == nil })
        history.record(nil, at: Polls.instant(701))
        #expect(history.points(at: Polls.instant(702)).allSatisfy { $0 == nil })
    }

    @Test("a count that the agent does not say is a gap, not a zero")
    func unsaid() {
        let point = History.Point(Polls.reading("RUNNING", tasks: nil))
        #expect(point[.tasks] == nil && point[.requests] == 0 && point[.sessions] == 0)
    }
}
