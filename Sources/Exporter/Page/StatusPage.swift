import AsyncHTTP
import Cache
import Flags
import JSON
import Service
import Telemetry
import TelemetryServer

/// The page at `/`: the verdict that stands, for people.
struct StatusPage: Sendable {
    private static let refresh = 5
    private static let longestText = 300

    /// What is polled, as it would be written in a flag, and how often.
    let agent: String
    let pollInterval: Duration
    let maxAge: Duration
    /// Where else there is something to see.
    let paths: [String]
    let history: History
    let metrics: ExporterMetrics
    /// The verdict that stands.
    let verdict: @Sendable () -> Verdict

    func response() throws -> PreparedResponse {
        try PageFrame.answer(html(verdict(), at: .now))
    }

    func html(_ verdict: Verdict, at now: MonotonicInstant) -> String {
        let condition = Condition(verdict)
        let frame = PageFrame(
            title: "\(condition.word) – agent-exporter",
            condition: condition.rawValue,
            refresh: Self.refresh
        )
        return frame.html(
            header: """
                <p class="state"><span class="dot"></span>\(HTMLText.escape(condition.word))</p>
                <p class="about">\(about(verdict, condition, now))</p>
                """,
            main: """
                \(cards(verdict, now))
                \(details(verdict))
                """,
            footer: """
                \(PageFrame.links(paths))
                <p>agent-exporter \(BuildInfo.version), polling \(HTMLText.escape(agent)) every \
                \(DurationText.write(pollInterval))</p>
                """
        )
    }

    // MARK: Parts

    private func about(_ verdict: Verdict, _ condition: Condition, _ now: MonotonicInstant) -> String {
        let age = verdict.polls.age(at: now).map { "\(Self.tenths($0 / .seconds(1))) s old" }
        let error = verdict.failure.map { HTMLText.escape($0.description.cut(toBytes: Self.longestText)) } ?? ""
        switch condition {
        case .starting: return "The first poll is under way."
        case .up, .ending:
            let isKnown = verdict.state != .unknown
            let word = isKnown ? verdict.state.word : "nothing about its state that is known here"
            return "The agent says \(word). Values are \(age ?? "new")."
        case .held:
            let maxAge = DurationText.write(maxAge)
            return "The last poll failed. The values below are \(age ?? "old") and held for up to \(maxAge). \(error)"
        case .down: return "\(verdict.polls.consecutiveFailures) polls have failed in a row. \(error)"
        }
    }

    private func cards(_ verdict: Verdict, _ now: MonotonicInstant) -> String {
        let values = verdict.values
        let points = history.points(at: now)
        func card(_ name: String, _ value: Double?, _ past: [Double?]) -> String {
            let text = values == nil ? "–" : JSONText.number(value ?? 0)
            let line = Sparkline(values: past, label: "\(name) over the last ten minutes").svg
            return "<section class=\"card\"><h2>\(name)</h2><p class=\"value\">\(text)</p>\(line)</section>"
        }
        return """
            <div class="cards">
            \(card("Tasks", values?.activeTasks, points.map { $0?.tasks }))
            \(card("Requests", values?.activeRequests, points.map { $0?.requests }))
            \(card("Sessions", values?.openSessions, points.map { $0?.sessions }))
            </div>
            """
    }

    private func details(_ verdict: Verdict) -> String {
        var rows: [(String, String)] = []
        if let reading = verdict.reading {
            rows.append(("Version", reading.version ?? "unknown"))
            rows.append(("Commit", reading.commitHash ?? "unknown"))
            rows.append(("Built", reading.buildTimestamp ?? "unknown"))
        }
        rows.append(("Status", verdict.state.word))
        if let attempt = verdict.polls.lastAttempt {
            let took = attempt.started.duration(to: attempt.finished)
            rows.append(("Last poll took", "\(Self.tenths(took / .milliseconds(1))) ms"))
        }
        rows.append(("Polls", JSONText.number(metrics.polls.value)))
        rows.append(("Failed polls", JSONText.number(metrics.failureCount)))
        let items = rows.map { "<dt>\($0.0)</dt><dd>\(HTMLText.escape($0.1.cut(toBytes: Self.longestText)))</dd>" }
        return "<dl>\(items.joined())</dl>"
    }

    private static func tenths(_ number: Double) -> String {
        JSONText.number((number * 10).rounded() / 10)
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

        init(_ verdict: Verdict) {
            if !verdict.hasPolled {
                self = .starting
            } else if verdict.isUp {
                self = verdict.state == .running ? .up : .ending
            } else if verdict.reading != nil {
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
