/// `--help`.
enum HelpText {
    static func text(_ command: Subcommand) -> String {
        var text = """
            usage: agent-exporter\(command.isImplied ? " [command]" : " \(command.rawValue)")\(command == .sleep ? " DURATION" : " [flags]")

            \(command.isImplied ? Self.purpose : command.summary.capitalizedFirst + ".")

            """
        if command.isImplied {
            text += "\nCommands:\n"
            for other in Subcommand.allCases {
                text += "  \(other.rawValue.padded(16))\(other.isImplied ? "(may be left out) " : "")\(other.summary)\n"
            }
            text += "\nA flag beats its variable, both beat the default. An empty variable counts as unset.\n"
        }
        let flags = FlagTable.flags(of: command)
        if !flags.isEmpty { text += "\nFlags:\n" }
        for flag in flags { text += entry(flag) }
        return command.isImplied ? text + information : text
    }

    static let purpose =
        "Polls an agent in the background and answers Prometheus scrapes from memory, so that a scrape never waits for the agent."

    private static let information = """
          --help                      Show this text, or that of a command.
          --version                   Show which build this is.
          --help-man                  Print a manual page.
          --completion-script-bash    Print completion for bash.
          --completion-script-zsh     Print completion for zsh.

        """

    private static func entry(_ flag: Flag) -> String {
        var facts: [String] = []
        if !flag.standard.isEmpty, flag.shape != .toggle { facts.append("default \(flag.standard)") }
        if let variable = flag.variable { facts.append("variable \(variable)") }
        if flag.isRepeatable { facts.append("repeatable") }
        let end = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        return "  \(usage(flag))\n" + wrap(flag.help + end, indent: 6, width: 100)
    }

    static func usage(_ flag: Flag) -> String {
        flag.placeholder.map { "--\(flag.name)=\($0)" } ?? "--[no-]\(flag.name)"
    }

    private static func wrap(_ text: String, indent: Int, width: Int) -> String {
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
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }

    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
