/// `--help-man`: the manual page, in the language of man(7).
package enum ManualPage {
    package static func text<Configuration>(_ table: ProgramTable<Configuration>) -> String {
        let name = escape(table.name)
        var text = """
            .TH \(escape(table.name.uppercased())) 1 "" "\(name) \(table.version)"
            .SH NAME
            \(name) \\- \(escape(table.summary))
            .SH SYNOPSIS
            .B \(name)
            [command] [flags]
            .SH DESCRIPTION
            \(escape(table.purpose))
            .SH COMMANDS

            """
        for command in table.commands { text += item(command.name, command.summary) }
        text += ".SH FLAGS\nA flag beats its variable, both beat the default.\n"
        for flag in table.flags {
            var help = flag.help
            if !flag.standard.isEmpty { help += " Default: \(flag.standard)." }
            if let variable = flag.variable { help += " Variable: \(variable)." }
            text += item(FlagText.usage(flag), help)
        }
        return text
    }

    private static func item(_ term: String, _ description: String) -> String {
        ".TP\n\\fB\(escape(term))\\fR\n\(escape(description))\n"
    }

    private static func escape(_ text: String) -> String {
        let escaped = text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : String($0) }.joined()
        return escaped.first == "." || escaped.first == "'" ? "\\&\(escaped)" : escaped
    }
}
