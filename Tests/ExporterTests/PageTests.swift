import Cache
import Telemetry
import TelemetryServer
import Testing

@testable import Exporter

@Suite("The page")
struct PageTests {
    private func page(_ polls: PollState, at second: Double = 1) throws -> String {
        let history = History(pollInterval: .seconds(1))
        history.record(History.Point(tasks: 1, requests: 2, sessions: 3), at: Polls.beginning)
        let verdict = Verdict(polls, VerdictConfiguration(), at: Polls.instant(second))
        let page = StatusPage(
            agent: "http://localhost:8080/actuator/info",
            pollInterval: .seconds(1),
            maxAge: .seconds(30),
            paths: ["/metrics", "/healthz"],
            history: history,
            metrics: try ExporterMetrics(in: Registry())
        ) { verdict }
        return page.html(verdict, at: Polls.instant(second))
    }

    @Test("a word and a colour for every condition")
    func conditions() throws {
        let good = Polls.Poll.reads(Polls.reading("RUNNING"))
        #expect(try page(PollState()).contains("<body class=\"starting\">"))
        #expect(try page(Polls.after([(0, good)])).contains("<body class=\"up\">"))
        #expect(
            try page(Polls.after([(0, .reads(Polls.reading("PENDING_SHUTDOWN")))])).contains("<body class=\"ending\">")
        )
        #expect(try page(Polls.after([(0, good), (1, .fails(.timeout))])).contains("<body class=\"held\">"))
        #expect(try page(Polls.after([(0, good), (1, .fails(.timeout))]), at: 40).contains("<body class=\"down\">"))
    }

    @Test("what an agent sends is text, never markup")
    func escaping() throws {
        var reading = Polls.reading("RUNNING")
        reading.version = "</style><script>alert(1)</script>\"'&\n"
        let html = try page(Polls.after([(0, .reads(reading))]))
        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; "))
    }

    @Test("it asks nobody else for anything")
    func selfContained() throws {
        let html = try page(Polls.after([(0, .reads(Polls.reading("RUNNING")))]))
        #expect(!html.contains("src="))
        #expect(!html.contains("<script"))
        #expect(!html.contains("@import"))
        #expect(html.contains("href=\"/metrics\""))
    }

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
}
