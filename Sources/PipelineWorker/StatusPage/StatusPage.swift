import TelemetryServer

/// The status page for people: one document, made when somebody asks.
enum StatusPage {
    static func html(_ status: StatusDocument) -> String {
        let health = status.health
        return PageFrame(
            title: "\(status.service) – status",
            condition: health.state == "running" ? "good" : "warn",
            refresh: 5
        )
        .html(
            header: """
                <h1 class="state">\(HTMLText.escape(status.service))</h1>
                <p>\(HTMLText.escape(health.state)), pipeline \(HTMLText.escape(health.pipelineState)); \
                \(health.waiting) batches wait, \(health.active) are under way</p>
                """,
            main: instruments(status.instruments) + modules(status.modules) + settings(status.settings),
            footer: "<p>pipeline-worker \(HTMLText.escape(status.version))</p>" + PageFrame.links(["/status.json"])
        )
    }

    private static func instruments(_ instruments: [StatusDocument.Instrument]) -> String {
        let rows = instruments.map { instrument in
            row([
                instrument.name, instrument.kind, instrument.unit ?? "", "\(instrument.series)",
                ReadableNumber.text(instrument.value),
            ])
        }
        return table("Instruments", ["name", "type", "unit", "series", "value"], rows)
    }

    private static func modules(_ modules: [StatusDocument.Module]) -> String {
        table(
            "Modules",
            ["name", "what it records", ""],
            modules.map { row([$0.name, $0.purpose, $0.isEnabled ? "on" : "off"]) }
        )
    }

    private static func settings(_ settings: [StatusDocument.Setting]) -> String {
        table("Settings", ["name", "value", "from"], settings.map { row([$0.name, $0.value, $0.source]) })
    }

    private static func table(_ title: String, _ heads: [String], _ rows: [String]) -> String {
        let head = heads.map { "<th>\(HTMLText.escape($0))</th>" }.joined()
        return "<section><h2>\(title)</h2><table><tr>\(head)</tr>\n\(rows.joined(separator: "\n"))</table></section>\n"
    }

    private static func row(_ cells: [String]) -> String {
        "<tr>\(cells.map { "<td>\(HTMLText.escape($0))</td>" }.joined())</tr>"
    }
}
