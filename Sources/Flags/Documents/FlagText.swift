/// Flags as `--help` shows them.
package enum FlagText {
    private static let indent = 6
    private static let width = 100

    /// `--name=VALUE` or `--[no-]name`.
    package static func usage<Configuration>(_ flag: Flag<Configuration>) -> String {
        flag.placeholder.map { "--\(flag.name)=\($0)" } ?? "--[no-]\(flag.name)"
    }

    /// How it is written, and below that what it does.
    package static func entry<Configuration>(_ flag: Flag<Configuration>) -> String {
        var facts: [String] = []
        if !flag.standard.isEmpty, flag.shape != .toggle || flag.standard == "true" {
            facts.append("default \(flag.standard)")
        }
        if let variable = flag.variable { facts.append("variable \(variable)") }
        if flag.isRepeatable { facts.append("repeatable") }
        let end = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        return "  \(usage(flag))\n" + wrap(flag.help + end)
    }

    private static func wrap(_ text: String) -> String {
        var (lines, line) = ("", "")
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                lines += String(repeating: " ", count: indent) + line + "\n"
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + String(repeating: " ", count: indent) + line + "\n"
    }
}

extension String {
    package func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
