import AsyncHTTP
import JSON
import Testing

@testable import Hub

@Suite("The hub's page and its JSON twin")
struct HubPageTests {
    /// A hub, and what has to be readable.
    private static let states: [(shown: ShownHub, condition: HubCondition, texts: [String])] = [
        (ShownHub { $0.phase = .starting }, .starting, ["The log is being read", "class=\"none starting\""]),
        (ShownHub { $0.phase = .ending }, .ending, ["asked to end", "class=\"warn ending\""]),
        (
            ShownHub(), .waiting,
            ["Nobody has reported yet but the hub itself", "curl http://localhost/api/metrics/report -d &#39;{"]
        ),
        (ShownHub { $0.known = [] }, .waiting, ["Nobody has reported yet.<"]),
        (
            ShownHub { $0.known += [.reporting("w", series: 40), .silent("x")] }, .taking,
            [
                "2 components report, 1 silent.", "<span>41</span><span class=\"of\">of 100000</span>",
                "<span class=\"note\">1 silent</span>", "<span>3 MiB</span><span class=\"of\">of 10 GiB</span>",
                "12 s ago</time>", "silent<small>never</small>", "none refused", "in the last 5 min",
            ]
        ),
        (
            ShownHub { $0.known += [.reporting("w", series: 9_000)] }, .troubled,
            ["w has 9000 of the 10000 series that a component may have"]
        ),
        (
            ShownHub { $0.recent.reports = [.malformed: 2, .tooFast: 10, .accepted: 3, .duplicate: 1] }, .troubled,
            ["12 reports were refused in the last 5 min: 10 too soon, 2 malformed.", "<span>4</span>", "12 refused"]
        ),
        (
            ShownHub { $0.recent.reports = [.rejected: 1] }, .troubled,
            ["1 report was refused in the last 5 min: 1 without a good sample."]
        ),
        (ShownHub { $0.store.backlog = 5_000 }, .troubled, ["5000 reports wait for the store", "5000 wait"]),
        (
            ShownHub { $0.subject.warnings = { ["It could not be read again."] } }, .troubled,
            ["It could not be read again."]
        ),
        (
            ShownHub { $0.follows() }, .waiting,
            [
                "<h2>PostgreSQL<span class=\"note\"></span></h2>",
                "<span>1200</span><span class=\"of\">rows written</span>",
            ]
        ),
        (
            ShownHub { shown in
                shown.follows { ($0.unread, $0.oldestUnread) = (3, arrival - 61_000) }
            }, .troubled,
            ["PostgreSQL is 1 min 1 s behind: it does not keep up", "rows written, 1 min 1 s behind"]
        ),
        (ShownHub { $0.follows { ($0.unread, $0.oldestUnread) = (3, arrival - 60_000) } }, .waiting, ["1 min behind"]),
        (
            ShownHub { shown in
                shown.follows { status in
                    (status.isConnected, status.failure) = (false, "no route to db")
                    (status.unread, status.oldestUnread) = (3, arrival - 5000)
                }
            }, .troubled,
            ["not connected", "3 reports wait for it in the log, 5 s by now: no route to db"]
        ),
        (ShownHub { $0.follows { $0.upkeepFailure = "may not" } }, .troubled, ["tables are not tended: may not"]),
        (
            ShownHub { $0.follows { $0.written.refused = 1 } }, .troubled,
            ["PostgreSQL has refused 1 row: noetl.refused"]
        ),
        (
            ShownHub { $0.store.isFull = true }, .refusing,
            ["reports get 503: make room", "<span class=\"note\">full</span>"]
        ),
        (
            ShownHub { shown in
                shown.subject.limits.components = 2
                shown.known += [.reporting("w"), .silent("x")]
            }, .refusing, ["2 of 2 components report, and further ones are refused: --limit.components raises it."]
        ),
        (
            ShownHub { $0.subject.limits.series = 1 }, .refusing, ["1 of 1 series are held"]
        ),
    ]

    @Test("how it is, and why, in every state", arguments: states)
    func state(shown: ShownHub, condition: HubCondition, texts: [String]) throws {
        #expect(shown.status.condition == condition)
        let html = shown.html
        for text in texts { #expect(html.contains(text), "\(text)") }
        #expect(html.contains("<title>\(condition.word) – runner-7</title>"))
        let json = try shown.json()
        #expect(json["condition"] == .string(condition.rawValue) && json["word"] == .string(condition.word))
        #expect(json["sentence"] == .string(shown.status.sentence))
        guard case .array(let problems)? = json["problems"] else {
            Issue.record("no problems")
            return
        }
        #expect(problems.map { $0["code"] } == shown.status.problems.map { .string($0.code) })
    }

    @Test("what loses reports stands before what does not")
    func worstFirst() {
        let shown = ShownHub { shown in
            shown.subject.limits.components = 1
            shown.store.backlog = 9_000
            shown.recent.reports = [.unavailable: 1]
        }
        #expect(shown.status.problems.map(\.code) == ["components_limit", "store_behind", "reports_refused"])
    }

    @Test("of a follower the JSON says where it stands")
    func follower() throws {
        let json = try ShownHub { shown in
            shown.follows { status in
                (status.unread, status.oldestUnread, status.failure) = (3, arrival - 5000, "no route")
                status.written.duplicates = 2
            }
        }.json()
        #expect(
            json["store"]?["followers"] == [
                [
                    "name": "postgres", "database": "db/history", "connected": true, "lag_seconds": 5, "backlog": 3,
                    "reports": 0, "rows": 1200, "duplicates": 2, "refused_rows": 0, "failure": "no route",
                ]
            ]
        )
    }

    @Test("each condition and each state of a component has a form of its own")
    func forms() {
        let forms = HubCondition.allCases.map(\.svg).map { $0.split(separator: "<path").last }
        #expect(Set(forms).count == HubCondition.allCases.count)
        #expect(Set(ComponentState.allCases.map(\.svg)).count == ComponentState.allCases.count)
    }

    @Test("the JSON has the facts that the page shows")
    func twin() throws {
        let json = try ShownHub { shown in
            shown.known += [.reporting("w", series: 4, rejected: 2), .silent("x")]
            shown.recent.reports = [.accepted: 5]
        }.json()
        #expect(json["at"] == "2027-01-15T08:00:00.000Z" && json["host"] == "runner-7" && json["tone"] == "good")
        #expect(json["components_total"] == 3 && json["components_reporting"] == 2 && json["components_silent"] == 1)
        #expect(json["series"] == 5 && json["series_limit"] == 100_000 && json["uptime_seconds"] == 90_000)
        #expect(json["reports_lately"]?["accepted"] == 5 && json["reports_lately"]?["seconds"] == 300)
        #expect(json["store"]?["bytes"] == .number(3 * 1024 * 1024) && json["store"]?["followers"] == [])
        guard case .array(let components)? = json["components"] else {
            Issue.record("no components")
            return
        }
        #expect(components.map { $0["component_name"] } == ["x", "w", "noetl-server"])
        #expect(components[0]["last_report"] == .null && components[0]["state"] == "silent")
        #expect(components[1]["age_seconds"] == 12 && components[1]["rejected"] == 2)
    }

    @Test("a store in memory has no limit that could be chosen, and says that it forgets")
    func memory() throws {
        let shown = ShownHub { $0.subject.store.place = .memory }
        #expect(shown.html.contains("in memory") && shown.html.contains("until the program ends"))
        #expect(try shown.json()["store"]?["limit_bytes"] == .null)
    }

    @Test("a hub that wants components to be registered says so before the first report")
    func strict() {
        #expect(!ShownHub().html.contains("Only who is registered"))
        #expect(ShownHub { $0.subject.isStrict = true }.html.contains("Only who is registered may report"))
        let address = ShownHub { $0.subject.address = { "https://localhost:1" } }
        #expect(address.html.contains("curl https://localhost:1/api/metrics/report"))
    }

    @Test(
        "whatever a component is called stays text, is cut, and turns nothing around it",
        arguments: [
            ("<script>alert(1)</script>", "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"),
            ("\u{202E}\u{2066}evil\u{0}\u{7}", "<bdi>evil  </bdi>"), ("\"'&", "<bdi>&quot;&#39;&amp;</bdi>"),
            (String(repeating: "x", count: 255), "<bdi>\(String(repeating: "x", count: 120))…</bdi>"),
            (String(repeating: "é", count: 127), "<bdi>\(String(repeating: "é", count: 60))…</bdi>"),
            ("مرحبا", "<bdi>مرحبا</bdi>"),
        ] as [(String, String)]
    )
    func hostile(name: String, written: String) {
        let component = Component(type: name, name: name, instance: name)
        let html = ShownHub { $0.known += [.reporting(component, series: 9_999)] }.html
        #expect(html.split(separator: written, omittingEmptySubsequences: false).count == 4, "three times: \(html)")
        #expect(html.split(separator: "<script").count == 2, "the page's own is the only one")
        #expect(!html.contains("\u{202E}") && !html.contains("\u{2066}") && !html.contains("\u{0}"))
        #expect(!html.contains(String(repeating: "x", count: 256)))
    }

    @Test("it asks nobody else for anything")
    func selfContained() {
        let html = ShownHub().html
        #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("style="))
        #expect(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"))
        #expect(html.contains("<a href=\"/metrics\">"))
    }
}
