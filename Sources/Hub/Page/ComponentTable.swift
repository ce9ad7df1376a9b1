import JSON
import Service
import TelemetryServer

/// The components on the page, a row each.
enum ComponentTable {
    /// Of what is shown of a name; programs are told all of it.
    private static let longestName = 120

    /// - Parameter now: milliseconds since 1970.
    static func html(_ components: ShownComponents, at now: Int64) -> String {
        guard !components.rows.isEmpty else { return "" }
        return """
            <section class="panel"><h2>Components</h2>
            <table><thead><tr><th scope="col">Who</th><th scope="col">Last report</th>\
            <th scope="col" class="number">Series</th><th scope="col" class="number">Reports</th>\
            <th scope="col" class="number">Rejected</th></tr></thead>
            <tbody>
            \(components.rows.map { row($0, at: now) }.joined(separator: "\n"))
            </tbody></table>\(others(components))</section>
            """
    }

    private static func row(_ known: KnownComponent, at now: Int64) -> String {
        let component = known.component
        let more = [component.type] + (component.instance.map { [$0] } ?? [])
        let rejected = known.rejected > 0 ? "number warn" : "number"
        return """
            <tr><th scope="row">\(text(component.name))<small>\(more.map(text).joined(separator: " · "))</small></th>\
            <td>\(known.state.svg)\(known.state.rawValue)<small>\(age(known, at: now))</small></td>\
            <td class="number">\(ReadableNumber.text(Double(known.series)))</td>\
            <td class="number">\(ReadableNumber.text(Double(known.reports)))</td>\
            <td class="\(rejected)">\(ReadableNumber.text(Double(known.rejected)))</td></tr>
            """
    }

    private static func age(_ known: KnownComponent, at now: Int64) -> String {
        guard let account = known.account, let age = known.age(at: now) else { return "never" }
        let words = age < .seconds(1) ? "just now" : "\(TimeText.span(age)) ago"
        return "<time datetime=\"\(WallClock.text(milliseconds: account.lastReport))\">\(words)</time>"
    }

    private static func others(_ components: ShownComponents) -> String {
        let hidden = [(components.hiddenSilent, "silent"), (components.hiddenReporting, "that report")]
        let words = hidden.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " and ")
        if words.isEmpty { return "" }
        return "\n<p class=\"rest\">and \(words): <a href=\"\(HubPath.components)\">\(HubPath.components)</a></p>"
    }

    private static func text(_ text: String) -> String {
        let cut = text.cut(toBytes: longestName)
        return HTMLText.isolated(cut == text ? text : cut + "…")
    }
}
