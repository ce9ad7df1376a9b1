import AsyncHTTP
import JSON
import Service
import TelemetryServer

/// The page at `/`: whether the hub is well, who reports and who is silent, for people with ten seconds.
enum HubStatusPage {
    private static let refresh = 5

    static func response(_ status: HubStatus) throws -> PreparedResponse {
        try PageFrame.answer(html(status), script: PageScript.renewal)
    }

    static func html(_ status: HubStatus) -> String {
        let condition = status.condition
        let frame = PageFrame(
            title: "\(condition.word) – \(status.subject.host ?? HubSubject.program)",
            condition: "\(condition.tone.rawValue) \(condition.rawValue)",
            refresh: refresh,
            script: .renewal
        )
        return frame.html(header: header(status), main: main(status), footer: footer(status))
    }

    // MARK: Parts

    private static func header(_ status: HubStatus) -> String {
        let host = status.subject.host.map { "<strong>\(HTMLText.isolated($0))</strong> " } ?? ""
        let problems = status.problems.map { problem in
            "\n<p class=\"error\">\(HTMLText.isolated(problem.sentence.cut(toBytes: HubStatus.longestText)))</p>"
        }
        return """
            <p class="where">\(host)\(HubSubject.program)</p>
            <h1 class="state">\(status.condition.svg)<span role="status">\(status.condition.word)</span></h1>
            <p class="about">\(HTMLText.escape(status.sentence))</p>\(problems.joined())
            """
    }

    private static func main(_ status: HubStatus) -> String {
        """
        \(HubCards.html(status))
        \(status.isUsed ? "" : FirstReport.html(status.subject))
        \(ComponentTable.html(status.components, at: status.now))
        \(details(status))
        """
    }

    private static func footer(_ status: HubStatus) -> String {
        let stamp = WallClock.text(milliseconds: status.now)
        return """
            \(PageFrame.links(status.subject.paths))
            <p>\(HubSubject.program) \(BuildInfo.version), of \
            <time datetime="\(stamp)">\(TimeText.clock(stamp, now: stamp))</time></p>
            """
    }

    private static func details(_ status: HubStatus) -> String {
        let subject = status.subject
        var rows = [("Store", subject.store.description)]
        if subject.store.place == .memory {
            rows.append(("Kept", "the last reports that fit into memory, until the program ends"))
        } else {
            rows.append(("Kept", "for \(TimeText.span(subject.store.retention))"))
        }
        rows += [
            ("Followers", "none"),
            ("Exported", "for \(TimeText.span(subject.limits.ttl)) after a report, unless it says how long"),
            ("May report", subject.isStrict ? "whoever is registered" : "whoever can reach it"),
            ("Running for", TimeText.span(status.uptime)),
        ]
        return "<dl>\(rows.map { "<dt>\($0.0)</dt><dd>\(HTMLText.isolated($0.1))</dd>" }.joined())</dl>"
    }
}
