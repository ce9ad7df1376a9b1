/// Completion for two shells, with every word that could be typed.
package struct CompletionScript<Configuration: Sendable> {
    private let name: String
    /// The name as shells allow it for a function.
    private let function: String
    private let commands: [String]
    private let flags: [Flag<Configuration>]

    package init(_ table: ProgramTable<Configuration>) {
        name = table.name
        function = "_" + table.name.map { $0 == "-" ? "_" : String($0) }.joined()
        commands = table.commands.map(\.name)
        flags = table.flags
    }

    package var bash: String {
        """
        # bash completion for \(name)
        \(function)() {
            local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
            [[ $previous == "=" ]] && previous="${COMP_WORDS[COMP_CWORD-2]}"
            [[ $current == "=" ]] && current=""
            case "$previous" in
        \(flags.filter { !$0.choices.isEmpty }.map(bashEntry).joined(separator: "\n"))
            esac
            COMPREPLY=($(compgen -W "\((commands + words).joined(separator: " "))" -- "$current"))
        }
        complete -F \(function) \(name)

        """
    }

    package var zsh: String {
        """
        #compdef \(name)
        \(function)() {
            _arguments \\
        \(flags.map { "        \(zshEntry($0)) \\" }.joined(separator: "\n"))
                '1:command:(\(commands.joined(separator: " ")))'
        }
        # As a file in fpath it is the function itself; sourced, it only defines it.
        if [[ $funcstack[1] == _\(name) || $funcstack[1] == \(function) ]]; then
            \(function) "$@"
        else
            compdef \(function) \(name)
        fi

        """
    }

    private var words: [String] {
        flags.flatMap { flag in
            flag.shape == .toggle ? ["--\(flag.name)", "--no-\(flag.name)"] : ["--\(flag.name)"]
        } + Information.shown.map { "--\($0.information.rawValue)" }.sorted()
    }

    private func bashEntry(_ flag: Flag<Configuration>) -> String {
        let choices = flag.choices.joined(separator: " ")
        return "        --\(flag.name)) COMPREPLY=($(compgen -W \"\(choices)\" -- \"$current\")); return ;;"
    }

    private func zshEntry(_ flag: Flag<Configuration>) -> String {
        let help = Self.plain(flag.help)
        let star = flag.isRepeatable ? "*" : ""
        guard let placeholder = flag.placeholder else {
            return "'(--no-\(flag.name))--\(flag.name)[\(help)]' '(--\(flag.name))--no-\(flag.name)[Not so: \(help)]'"
        }
        let values = flag.choices.isEmpty ? "" : "(\(flag.choices.joined(separator: " ")))"
        return "'\(star)--\(flag.name)=[\(help)]:\(Self.plain(placeholder)):\(values)'"
    }

    /// Without what zsh would take for its own.
    private static func plain(_ text: String) -> String {
        text.map { "[]:'\\".contains($0) ? " " : String($0) }.joined()
    }
}
