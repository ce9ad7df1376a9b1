import AsyncHTTP
import Cache
import JSON
import Telemetry
import TelemetryServer
import Testing

@testable import Exporter

@Suite("The page and its JSON twin")
struct PageTests {
    /// What is to be said of polls at a second, as both say it.
    struct Shown {
        let status: AgentStatus
        let html: String
        let json: JSONValue

        init(
            _ polls: [(second: Double, poll: Polls.Poll)],
            at second: Double = 1,
            wait: Duration = .seconds(1),
            fallback: Fallback = .auto,
            gauges: [String] = []
        ) throws {
            let rules = VerdictConfiguration(fallback: fallback)
            func occasion(_ second: Double) -> Occasion {
                Occasion(Polls.instant(second), sinceEpoch: .seconds(1_700_000_000) + .seconds(second))
            }
            var timeline = Timeline(Verdict(PollState(), rules, at: Polls.beginning), at: occasion(0))
            for count in 0..<polls.count {
                let verdict = Verdict(
                    Polls.after(Array(polls[...count])),
                    rules,
                    at: Polls.instant(polls[count].second)
                )
                timeline = timeline.after(verdict, at: occasion(polls[count].second))
            }
            let verdict = Verdict(Polls.after(polls, wait: wait), rules, at: Polls.instant(second))
            timeline = timeline.after(verdict, at: occasion(second))
            var subject = StatusSubject(agent: "http://localhost:8080/a?b&c", pollInterval: .seconds(1), rules: rules)
            subject.host = "runner-7"
            subject.paths = ["/metrics", "/healthz"]
            subject.gauges = gauges
            subject.capacities[.tasks] = 20
            let past: [History.Point?] = [nil, History.Point(tasks: 1, requests: 2, sessions: nil)]
            let metrics = try ExporterMetrics(in: Registry())
            status = AgentStatus(verdict, timeline, subject, history: past, metrics: metrics, at: occasion(second))
            html = StatusPage.html(status)
            json = try JSONReader().read(StatusDocument.json(status).bytes)
        }

        subscript(_ path: String...) -> JSONValue? {
            path.reduce(Optional(json)) { $0?[$1] }
        }
    }

    private static let good = Polls.Poll.reads(Polls.reading("RUNNING", tasks: 11))
    private static let outage: [(second: Double, poll: Polls.Poll)] = [(0, good), (1, .fails(.timeout))]

    /// Polls, the second that is looked at, and what has to be readable. Their time begins at 22:13:20 UTC.
    private static let states: [(polls: [(second: Double, poll: Polls.Poll)], second: Double, texts: [String])] = [
        (
            [], 1,
            [
                "Starting", "first poll is under way", "Values are here as soon as it succeeds",
                "No values are exported", "class=\"none starting\"",
            ]
        ),
        ([(0, good)], 1, ["Running", "since <time", ">22:13:20 UTC<", "for 1 s", "<span>11</span>", "of 20"]),
        ([(0, .reads(Polls.reading("PENDING_SHUTDOWN")))], 1, ["Pending shutdown", "class=\"warn pending_shutdown\""]),
        ([(0, .reads(Polls.reading("SHUTTING_DOWN")))], 1, ["Shutting down", "shutting down now"]),
        ([(0, .reads(Polls.reading("STOPPED")))], 1, ["Stopped", "has stopped", "class=\"none stopped\""]),
        ([(0, .reads(Polls.reading("PAUSED")))], 1, ["Unknown status", "not known here: PAUSED"]),
        ([(0, .reads(Polls.reading(nil)))], 1, ["Unknown status", "says no status"]),
        (
            [(0, good), (2, .fails(.timeout))], 2,
            [
                "Polls fail", "The last poll has failed", "timeout: as arranged", "Still exported",
                "The next poll is at 22:13:23 UTC, in 1 s. If none succeeds until 22:13:50 UTC, in 28 s, the values are withdrawn",
                "<span>11</span>",
                "last good",
            ]
        ),
        (
            outage, 300,
            [
                "Unreachable", "timeout: as arranged",
                "Last known values, of 22:13:20 UTC, 5 min ago. Not exported any more.",
                "<span>11</span>", "last known", "<section class=\"values past\">",
            ]
        ),
        ([(0, .fails(.invalidJSON))], 1, ["Unreadable", "nothing that can be read", "0 is exported", "not known"]),
    ]

    @Test("what is wrong, since when, what was good last and what happens next, in every state", arguments: states)
    func state(polls: [(second: Double, poll: Polls.Poll)], second: Double, texts: [String]) throws {
        let shown = try Shown(polls, at: second)
        for text in texts { #expect(shown.html.contains(text), "\(text)") }
        #expect(shown.html.contains("<strong><bdi>runner-7</bdi></strong>"))
        #expect(shown["word"] == .string(shown.status.condition.word))
        #expect(shown["sentence"] == .string(shown.status.sentence))
        let words = HTMLText.escape(shown.status.sentence)
        #expect(shown.html.contains(words) && shown.html.contains("<title>\(shown.status.condition.word) – runner-7<"))
    }

    @Test("the JSON has the facts that the page shows")
    func twin() throws {
        let shown = try Shown(Self.outage, at: 300, wait: .seconds(400), gauges: ["app_queue"])
        #expect(shown["condition"] == "unreachable" && shown["tone"] == "bad" && shown["host"] == "runner-7")
        #expect(shown["since"] == "2023-11-14T22:18:20.000Z" && shown["at"] == "2023-11-14T22:18:20.000Z")
        #expect(shown["error"] == "timeout: as arranged" && shown["agent", "state"] == "UNREACHABLE")
        #expect(shown["values", "standing"] == "withdrawn" && shown["values", "age_seconds"] == 300)
        #expect(shown["values", "last_good"] == "2023-11-14T22:13:20.000Z" && shown["values", "stand_until"] == .null)
        let tasks = JSONValue.object([
            JSONValue.Member("last", 11), JSONValue.Member("exported", .null), JSONValue.Member("missing", false),
            JSONValue.Member("capacity", 20),
        ])
        #expect(shown["values", "counts", "tasks"] == tasks)
        #expect(shown["next_poll"] == "2023-11-14T22:20:01.000Z")
        #expect(shown.html.contains("The next poll is at 22:20:01 UTC, in 1 min 41 s."))
        guard case .array(let events)? = shown["events"], case .array(let hour)? = shown["last_hour", "conditions"]
        else {
            Issue.record("no lists")
            return
        }
        #expect(events.map { $0["text"] } == shown.status.events.map { .string($0.text) })
        #expect(hour.count == 120 && hour.last == "unreachable" && hour.first == .null)
    }

    @Test("the last hour is a band of heights, the worse the higher, with neighbours as one bar, and words below")
    func band() throws {
        let shown = try Shown(
            [(0, Self.good), (100, Self.good), (112, .fails(.timeout)), (141, .fails(.timeout))],
            at: 150
        )
        // The tests' clock begins 10 s into a half minute.
        let bars = [
            "<rect class=\"good\" x=\"114\" y=\"12\" width=\"4\" height=\"8\"/>",
            "<rect class=\"warn\" x=\"118\" y=\"6\" width=\"1\" height=\"14\"/>",
            "<rect class=\"bad\" x=\"119\" y=\"0\" width=\"1\" height=\"20\"/>",
        ]
        #expect(shown.html.contains(bars.joined()), "\(shown.status.band.suffix(6))")
        #expect(
            shown.html.contains("aria-label=\"Unreachable under 1 min, Polls fail under 1 min, Running about 2 min\"")
        )
    }

    @Test("a count that is not said is marked, and a dash where it is left out")
    func missing() throws {
        let silent: [(second: Double, poll: Polls.Poll)] = [(0, .reads(Polls.reading("RUNNING", tasks: nil)))]
        let shown = try Shown(silent)
        #expect(
            shown.html.contains("<h2>Tasks<span class=\"note\">not said</span></h2>\n<p class=\"value\"><span>0</span>")
        )
        #expect(shown.html.contains("does not say activeTaskCount"))
        #expect(shown["values", "counts", "tasks", "missing"] == true)
        let omitting = try Shown(silent, fallback: .omit)
        #expect(omitting.html.contains("not said</span></h2>\n<p class=\"value\"><span>–</span>"))
        #expect(omitting["values", "counts", "tasks", "exported"] == .null)
    }

    @Test("mapped gauges are shown, with what is missing")
    func gauges() throws {
        var reading = Polls.reading("RUNNING")
        reading.gauges = [7.25, nil]
        let shown = try Shown([(0, .reads(reading))], gauges: ["app_queue", "app_other"])
        #expect(shown.html.contains("<dt>app_queue</dt><dd>7.3</dd><dt>app_other</dt><dd>–, not said</dd>"))
        #expect(
            shown["values", "gauges", "app_queue"] == .number(7.25) && shown["values", "gauges", "app_other"] == .null
        )
    }

    @Test("what an agent sends is text, never markup, is cut, and turns no direction of writing")
    func escaping() throws {
        let hostile = "</style><script>alert(1)</script>\"'&\n\u{202E}\u{2066}" + String(repeating: "x", count: 2000)
        var reading = Polls.reading(hostile)
        (reading.version, reading.commitHash, reading.buildTimestamp) = (hostile, hostile, hostile)
        for polls in [[(0.0, Polls.Poll.reads(reading))], [(0, .reads(reading)), (1, .fails(.timeout))]] {
            let html = try Shown(polls).html
            #expect(html.split(separator: "<script").count == 2, "the page's own is the only one")
            #expect(html.contains("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; x"))
            #expect(!html.contains("\u{202E}") && !html.contains("\u{2066}"))
            #expect(!html.contains(String(repeating: "x", count: 400)))
        }
    }

    @Test("it asks nobody else for anything")
    func selfContained() throws {
        let html = try Shown([(0, Self.good)]).html
        #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("style="))
        #expect(html.contains("href=\"/metrics\""))
        #expect(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"))
    }

    @Test("the day is said when it is another one")
    func day() {
        let now = Occasion(Polls.instant(100_000), sinceEpoch: .seconds(1_700_100_000))
        #expect(TimeText.clock(now.at(Polls.instant(0)), now) == "2023-11-14 22:13:20 UTC")
        #expect(TimeText.clock(now, now) == "02:00:00 UTC")
    }
}
