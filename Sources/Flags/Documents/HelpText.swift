/// `--help`, of a program or of one of its commands.
package enum HelpText {
    package static func text<Configuration>(_ table: ProgramTable<Configuration>, of name: String) -> String {
        let command = table.command(name) ?? table.implied
        let isImplied = table.isImplied(command)
        let words = isImplied ? " [command]" : " \(command.name)"
        var text = """
            usage: \(table.name)\(words)\(command.operand.map { " \($0)" } ?? " [flags]")

            \(isImplied ? table.purpose : command.summary.capitalizedFirst + ".")

            """
        if isImplied { text += commands(table) }
        if !command.flags.isEmpty { text += "\nFlags:\n" }
        for flag in command.flags { text += FlagText.entry(flag) }
        return isImplied ? text + information : text
    }

    private static func commands<Configuration>(_ table: ProgramTable<Configuration>) -> String {
        var text = "\nCommands:\n"
        for command in table.commands {
            let remark = table.isImplied(command) ? "(may be left out) " : ""
            text += "  \(command.name.padded(16))\(remark)\(command.summary)\n"
        }
        return text + "\nA flag beats its variable, both beat the default. An empty variable counts as unset.\n"
    }

    private static var information: String {
        Information.shown.map { "  \("--\($0.information.rawValue)".padded(28))\($0.help)\n" }.joined()
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
