import Flags
import Service

/// `--help-man`: the manual page, in the language of man(7).
enum ManualPage {
    static var text: String {
        var text = """
            .TH AGENT\\-EXPORTER 1 "" "agent\\-exporter \(BuildInfo.version)"
            .SH NAME
            agent\\-exporter \\- \(escape("metrics of an agent for Prometheus, always from memory"))
            .SH SYNOPSIS
            .B agent\\-exporter
            [command] [flags]
            .SH DESCRIPTION
            \(escape(HelpText.purpose))
            .SH COMMANDS

            """
        for command in Subcommand.allCases { text += item(command.rawValue, command.summary) }
        text += ".SH FLAGS\nA flag beats its variable, both beat the default.\n"
        for flag in FlagTable.all {
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
