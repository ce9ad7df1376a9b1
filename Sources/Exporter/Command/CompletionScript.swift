import Flags

/// Completion for two shells, with every word that could be typed.
enum CompletionScript {
    static var bash: String {
        """
        # bash completion for agent-exporter
        _agent_exporter() {
            local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
            [[ $previous == "=" ]] && previous="${COMP_WORDS[COMP_CWORD-2]}"
            [[ $current == "=" ]] && current=""
            case "$previous" in
        \(choices.map { "        --\($0.name)) COMPREPLY=($(compgen -W \"\($0.choices.joined(separator: " "))\" -- \"$current\")); return ;;" }.joined(separator: "\n"))
            esac
            COMPREPLY=($(compgen -W "\((commands + words).joined(separator: " "))" -- "$current"))
        }
        complete -F _agent_exporter agent-exporter

        """
    }

    static var zsh: String {
        """
        #compdef agent-exporter
        _agent_exporter() {
            _arguments \\
        \(FlagTable.all.map { "        \(zshEntry($0)) \\" }.joined(separator: "\n"))
                '1:command:(\(commands.joined(separator: " ")))'
        }
        # As a file in fpath it is the function itself; sourced, it only defines it.
        if [[ $funcstack[1] == _agent-exporter || $funcstack[1] == _agent_exporter ]]; then
            _agent_exporter "$@"
        else
            compdef _agent_exporter agent-exporter
        fi

        """
    }

    private static let choices = FlagTable.all.filter { !$0.choices.isEmpty }
    private static let commands = Subcommand.allCases.map(\.rawValue)

    private static var words: [String] {
        FlagTable.all.flatMap { flag in
            flag.shape == .toggle ? ["--\(flag.name)", "--no-\(flag.name)"] : ["--\(flag.name)"]
        } + Invocation.information.keys.sorted().filter { $0 != "help-markdown" }.map { "--\($0)" }
    }

    private static func zshEntry(_ flag: Flag<Configuration>) -> String {
        let help = flag.help.map { "[]:'\\".contains($0) ? " " : String($0) }.joined()
        let star = flag.isRepeatable ? "*" : ""
        guard let placeholder = flag.placeholder else {
            return "'(--no-\(flag.name))--\(flag.name)[\(help)]' '(--\(flag.name))--no-\(flag.name)[Not so: \(help)]'"
        }
        let values = flag.choices.isEmpty ? "" : "(\(flag.choices.joined(separator: " ")))"
        let name = placeholder.map { "[]:'\\".contains($0) ? " " : String($0) }.joined()
        return "'\(star)--\(flag.name)=[\(help)]:\(name):\(values)'"
    }
}
