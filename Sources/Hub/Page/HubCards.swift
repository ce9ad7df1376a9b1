import AsyncHTTP
import TelemetryServer

/// The numbers of a hub on its page: who reports, how much that is, what came lately, what is kept.
enum HubCards {
    static func html(_ status: HubStatus) -> String {
        let limits = status.subject.limits
        let components = status.components
        let silent = components.silent == 0 ? "" : "\(number(components.silent)) silent"
        let cards =
            [
                card("Components", silent, number(components.reporting), of: "of \(number(limits.components))"),
                card("Series", "", number(status.series), of: "of \(number(limits.series))"),
                reports(status.recent),
                store(status),
            ] + (status.history.map { [history($0.follower, at: status.now)] } ?? [])
        return "<div class=\"cards facts\">\n\(cards.joined(separator: "\n"))\n</div>"
    }

    private static func reports(_ recent: ReportActivity.Recent) -> String {
        let refused = recent.refused.reduce(0) { $0 + $1.count }
        let taken = (recent.reports[.accepted] ?? 0) + (recent.reports[.duplicate] ?? 0)
        return card(
            "Reports",
            "\(refused == 0 ? "none" : ReadableNumber.text(refused)) refused",
            ReadableNumber.text(taken),
            of: "in the last \(TimeText.span(recent.time))"
        )
    }

    private static func store(_ status: HubStatus) -> String {
        let waiting = status.store.backlog == 0 ? "" : "\(number(status.store.backlog)) wait"
        let limit = status.subject.store.limit.map { "of \(ReadableNumber.text($0))" }
        return card(
            "Store",
            status.store.isFull ? "full" : waiting,
            ReadableNumber.text(status.store.size),
            of: limit ?? "in memory"
        )
    }

    private static func history(_ follower: FollowerStatus, at now: Int64) -> String {
        card(
            "PostgreSQL",
            follower.isConnected ? "" : "not connected",
            ReadableNumber.text(Double(follower.written.rows)),
            of: follower.unread == 0 ? "rows written" : "rows written, \(TimeText.span(follower.lag(at: now))) behind"
        )
    }

    private static func card(_ title: String, _ note: String, _ value: String, of whole: String) -> String {
        """
        <section class="card"><h2>\(title)<span class="note">\(note)</span></h2>
        <p class="value"><span>\(value)</span><span class="of">\(whole)</span></p></section>
        """
    }

    private static func number(_ count: Int) -> String { ReadableNumber.text(Double(count)) }
}
