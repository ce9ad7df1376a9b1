/// Flags as a table in Markdown, for a reference page.
package enum FlagReference {
    package static func table<Configuration>(_ flags: [Flag<Configuration>]) -> String {
        var text = "| flag | variable | default | meaning |\n|---|---|---|---|\n"
        for flag in flags {
            let variable = flag.variable.map { "`\($0)`" } ?? ""
            let standard = flag.standard.isEmpty ? "" : "`\(flag.standard)`"
            text += "| `\(FlagText.usage(flag))` | \(variable) | \(standard) | \(flag.help) |\n"
        }
        return text
    }
}
