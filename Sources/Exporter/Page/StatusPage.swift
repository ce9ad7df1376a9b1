import AsyncHTTP
import JSON
import Service
import TelemetryServer

/// The page at `/`: what is wrong, since when, what was good last and what happens next, for people with ten seconds.
enum StatusPage {
    private static let refresh = 5

    static func response(_ status: AgentStatus) throws -> PreparedResponse {
        try PageFrame.answer(html(status), script: PageScript.renewal)
    }

    static func html(_ status: AgentStatus) -> String {
        let condition = status.condition
        let frame = PageFrame(
            title: "\(condition.word) – \(text(status.subject.host ?? "agent-exporter"))",
            condition: "\(condition.tone.rawValue) \(condition.rawValue)",
            refresh: refresh,
            script: .renewal
        )
        return frame.html(header: header(status), main: main(status), footer: footer(status))
    }

    // MARK: Parts

    private static func header(_ status: AgentStatus) -> String {
        let host = status.subject.host.map { "<strong>\(escaped($0))</strong> " } ?? ""
        let error = status.error.map { "\n<p class=\"error\">\(escaped($0))</p>" } ?? ""
        let duration = status.since.duration(to: status.now)
        let spent = duration < .seconds(1) ? "just now" : "for \(TimeText.span(duration))"
        return """
            <p class="where">\(host)\(escaped(status.subject.agent))</p>
            <h1 class="state">\(status.condition.svg)<span role="status">\(status.condition.word)</span></h1>
            <p class="since">since \(time(status.since, status)), \(spent)</p>
            <p class="about">\(escaped(status.sentence))</p>\(error)
            <p class="next">\(status.next.map(HTMLText.escape).joined(separator: " "))</p>\(warnings(status))
            """
    }

    private static func warnings(_ status: AgentStatus) -> String {
        status.subject.warnings().map { "\n<p class=\"error\">\(escaped($0))</p>" }.joined()
    }

    private static func main(_ status: AgentStatus) -> String {
        """
        \(ValueCards.html(status))
        <section class="panel"><h2>The last hour</h2>\(BandPicture.html(status))</section>
        <section class="panel"><h2>The last events</h2>\(events(status))</section>
        \(details(status))
        """
    }

    private static func footer(_ status: AgentStatus) -> String {
        """
        \(PageFrame.links(status.subject.paths))
        <p>agent-exporter \(BuildInfo.version), of \(time(status.now, status))</p>
        """
    }

    private static func events(_ status: AgentStatus) -> String {
        let items = status.events.map { event in
            let again =
                event.times > 1
                ? " <span class=\"again\">\(event.times) times since \(time(event.first, status))</span>" : ""
            return """
                <li>\(time(event.latest, status)) \(event.condition.svg)\
                <span>\(escaped(event.text))\(again)</span></li>
                """
        }
        return "<ol class=\"events\">\(items.joined())</ol>"
    }

    private static func details(_ status: AgentStatus) -> String {
        var rows: [(String, String)] = []
        if let reading = status.lastGood?.reading {
            for (name, word) in [
                ("Version", reading.version), ("Commit", reading.commitHash), ("Built", reading.buildTimestamp),
                ("Status, as it says", reading.status ?? "not said"),
            ] {
                rows.append((name, (word ?? "unknown").cut(toBytes: AgentStatus.longestWord)))
            }
        }
        rows.append(("State, as exported", status.verdict.state.rawValue))
        if let lastGood = status.lastGood?.at {
            let age = TimeText.span(lastGood.duration(to: status.now))
            rows.append(("Last good answer", "\(TimeText.clock(lastGood, status.now)), \(age) ago"))
        }
        if let took = status.polls.took {
            rows.append(("Last poll took", "\(ReadableNumber.text(took / .milliseconds(1))) ms"))
        }
        let every = TimeText.span(status.subject.pollInterval)
        let (total, failed) = (ReadableNumber.text(status.polls.total), ReadableNumber.text(status.polls.failed))
        rows.append(("Polls", "\(total), of which \(failed) failed; one every \(every)"))
        return "<dl>\(rows.map { "<dt>\($0.0)</dt><dd>\(escaped($0.1))</dd>" }.joined())</dl>"
    }

    // MARK: Texts

    /// What an agent says is cut, and turns nothing around it.
    private static func escaped(_ text: String) -> String { HTMLText.isolated(Self.text(text)) }

    private static func text(_ text: String) -> String {
        text.cut(toBytes: AgentStatus.longestText + AgentStatus.longestWord)
    }

    private static func time(_ occasion: Occasion, _ status: AgentStatus) -> String {
        "<time datetime=\"\(TimeText.stamp(occasion))\">\(TimeText.clock(occasion, status.now))</time>"
    }
}
