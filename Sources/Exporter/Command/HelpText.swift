import Flags

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
        for flag in flags { text += FlagText.entry(flag) }
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
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
