import TelemetryServer

/// The values on the page: a card with a chart for each count, and the mapped gauges.
enum ValueCards {
    static func html(_ status: AgentStatus) -> String {
        let provenance = status.provenance.map { "<p class=\"provenance\">\(HTMLText.escape($0))</p>" } ?? ""
        let isCurrent = status.standing == .current || status.standing == .held
        return """
            <section class="values \(isCurrent ? "exported" : "past")">\(provenance)
            <div class="cards">
            \(status.counts.map { card($0, status) }.joined(separator: "\n"))
            </div>\(gauges(status))
            </section>
            """
    }

    private static func card(_ count: AgentStatus.Count, _ status: AgentStatus) -> String {
        let (value, note) = shown(count, status)
        let limit = count.capacity.map { "<span class=\"of\">of \(ReadableNumber.text(Double($0)))</span>" } ?? ""
        return """
            <section class="card"><h2>\(count.count.title)<span class="note">\(note)</span></h2>
            <p class="value"><span>\(value)</span>\(limit)</p>
            \(chart(count))</section>
            """
    }

    /// A number, and what is to be said of it.
    private static func shown(_ count: AgentStatus.Count, _ status: AgentStatus) -> (value: String, note: String) {
        let said = count.said.map(ReadableNumber.text)
        switch status.standing {
        case .current, .held:
            if let said { return (said, status.standing == .held ? "last good" : "") }
            return (count.exported.map(ReadableNumber.text) ?? "–", "not said")
        case .replaced, .withdrawn:
            return said.map { ($0, "last known") } ?? ("–", count.isMissing ? "not said" : "not known")
        }
    }

    private static func chart(_ count: AgentStatus.Count) -> String {
        let limit = count.capacity.map(Double.init)
        let line = Sparkline(values: count.past, label: "\(count.count.title) over the last ten minutes", limit: limit)
        let capacity = limit.map { "<span class=\"limit\">capacity \(ReadableNumber.text($0))</span>" } ?? ""
        return """
            <div class="chart"><div class="plot">\(line.svg)</div>\
            <div class="scale"><span>\(ReadableNumber.text(line.high))</span><span>\(ReadableNumber.text(line.low))</span></div>\
            <div class="axis"><span>10 min ago</span>\(capacity)<span>now</span></div></div>
            """
    }

    private static func gauges(_ status: AgentStatus) -> String {
        guard !status.gauges.isEmpty else { return "" }
        let isPast = status.standing == .replaced || status.standing == .withdrawn
        let rows = status.gauges.map { gauge in
            let value = gauge.value.map { "\(ReadableNumber.text($0))\(isPast ? ", last known" : "")" } ?? "–, not said"
            return "<dt>\(HTMLText.escape(gauge.name))</dt><dd>\(HTMLText.escape(value))</dd>"
        }
        return "\n<dl class=\"gauges\">\(rows.joined())</dl>"
    }
}
