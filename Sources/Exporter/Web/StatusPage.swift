import AsyncHTTP
import Cache
import Flags
import JSON
import Service
import Telemetry

/// The page at `/`: one document that needs no script and nothing from elsewhere, and that refreshes itself.
struct StatusPage: Sendable {
    let configuration: Configuration
    let status: ExporterStatus
    let history: History
    let metrics: ExporterMetrics

    private static let fields: HeaderFields = {
        var fields = HeaderFields()
        try? fields.append("Content-Type", "text/html; charset=utf-8")
        try? fields.append("Cache-Control", "no-store")
        try? fields.append("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        return fields
    }()

    func response() throws -> PreparedResponse {
        try PreparedResponse(Response(fields: Self.fields, body: Array(html(at: .now).utf8)))
    }

    func html(at now: MonotonicInstant) -> String {
        let polls = status.polls.read()
        let agent = configuration.agent
        let view = AgentView(polls, maxAge: agent.maxAge, fallback: agent.fallback, at: now)
        let condition = Condition(view, hasPolled: polls.lastAttempt != nil)
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="refresh" content="5">
            <link rel="icon" href="data:,">
            <title>\(HTMLText.escape(condition.word)) – agent-exporter</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body class="\(condition.rawValue)">
            <header>
            <p class="state"><span class="dot"></span>\(HTMLText.escape(condition.word))</p>
            <p class="about">\(about(view, polls, condition, now))</p>
            </header>
            <main>
            \(cards(view, now))
            \(details(view, polls))
            </main>
            <footer>
            \(links)
            <p>agent-exporter \(BuildInfo.version), polling \(HTMLText.escape(agent.description)) every \
            \(DurationText.write(agent.pollInterval))</p>
            </footer>
            </body>
            </html>

            """
    }

    // MARK: Parts

    private func about(
        _ view: AgentView,
        _ polls: PollState,
        _ condition: Condition,
        _ now: MonotonicInstant
    ) -> String {
        let age = polls.age(at: now).map { "\(JSONText.number(($0 / .seconds(1) * 10).rounded() / 10)) s old" }
        let error = polls.lastAttempt?.failure.map { HTMLText.escape(PollFailure($0).description.cut(toBytes: 300)) }
        switch condition {
        case .starting: return "The first poll is under way."
        case .up, .ending:
            let word = view.state == .unknown ? "nothing about its state that is known here" : view.state.word
            return "The agent says \(word). Values are \(age ?? "new")."
        case .held:
            let maxAge = DurationText.write(configuration.agent.maxAge)
            return
                "The last poll failed. The values below are \(age ?? "old") and held for up to \(maxAge). \(error ?? "")"
        case .down: return "\(polls.consecutiveFailures) polls have failed in a row. \(error ?? "")"
        }
    }

    private func cards(_ view: AgentView, _ now: MonotonicInstant) -> String {
        let reading: AgentReading? =
            switch view.standing {
            case .reading(let reading): reading
            case .defaults: AgentReading()
            case .absent: nil
            }
        let points = history.points(at: now)
        func card(_ name: String, _ value: Double?, _ past: [Double?]) -> String {
            let text = reading == nil ? "–" : JSONText.number(value ?? 0)
            let line = Sparkline(values: past, label: "\(name) over the last ten minutes").svg
            return "<section class=\"card\"><h2>\(name)</h2><p class=\"value\">\(text)</p>\(line)</section>"
        }
        return """
            <div class="cards">
            \(card("Tasks", reading?.activeTasks, points.map { $0?.tasks }))
            \(card("Requests", reading?.activeRequests, points.map { $0?.requests }))
            \(card("Sessions", reading?.openSessions, points.map { $0?.sessions }))
            </div>
            """
    }

    private func details(_ view: AgentView, _ polls: PollState) -> String {
        var rows: [(String, String)] = []
        if case .reading(let reading) = view.standing {
            rows.append(("Version", reading.version ?? "unknown"))
            rows.append(("Commit", reading.commitHash ?? "unknown"))
            rows.append(("Built", reading.buildTimestamp ?? "unknown"))
        }
        rows.append(("Status", view.state.word))
        if let attempt = polls.lastAttempt {
            let milliseconds = attempt.started.duration(to: attempt.finished) / .milliseconds(1)
            rows.append(("Last poll took", "\(JSONText.number((milliseconds * 10).rounded() / 10)) ms"))
        }
        rows.append(("Polls", JSONText.number(metrics.polls.value)))
        rows.append(("Failed polls", JSONText.number(metrics.failureCount)))
        let items = rows.map { "<dt>\($0.0)</dt><dd>\(HTMLText.escape($0.1.cut(toBytes: 300)))</dd>" }
        return "<dl>\(items.joined())</dl>"
    }

    private var links: String {
        let paths = [configuration.web.telemetryPath] + Endpoints.paths.dropFirst()
        let items = paths.map { "<a href=\"\(HTMLText.escape($0))\">\(HTMLText.escape($0))</a>" }
        return "<nav>\(items.joined(separator: " "))</nav>"
    }
}

extension StatusPage {
    /// What the page says in a word and a colour.
    fileprivate enum Condition: String {
        case starting
        case up
        case ending
        case held
        case down

        init(_ view: AgentView, hasPolled: Bool) {
            if !hasPolled {
                self = .starting
            } else if view.isUp {
                self = view.state == .running ? .up : .ending
            } else if case .reading = view.standing {
                self = .held
            } else {
                self = .down
            }
        }

        var word: String {
            switch self {
            case .starting: "Starting"
            case .up: "Running"
            case .ending: "Not running"
            case .held: "Held"
            case .down: "Down"
            }
        }
    }
}
