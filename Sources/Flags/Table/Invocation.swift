/// What a program is to do, read from its arguments and environment.
package struct Invocation<Configuration: Sendable>: Sendable {
    /// A value that somebody has set, and where.
    package struct Setting: Sendable, Hashable {
        package let flag: String
        /// The flag as it is written, or the variable.
        package let source: String
        package let values: [String]
    }

    /// The name of the command that was asked for.
    package let command: String
    /// What is to be shown instead of doing it.
    package let information: Information?
    package internal(set) var configuration: Configuration
    package internal(set) var settings: [Setting] = []
    package internal(set) var operands: [String] = []
    package let environment: [String: String]

    init(_ command: String, information: Information?, _ configuration: Configuration, _ environment: [String: String])
    {
        self.command = command
        self.information = information
        self.configuration = configuration
        self.environment = environment
    }

    /// Where a flag's value came from; nil when nobody has set it.
    package func source(of flag: String) -> String? {
        settings.first { $0.flag == flag }?.source
    }
}

/// What every program tells about itself, by the flag that asks for it.
package enum Information: String, Sendable, Hashable, CaseIterable {
    case help
    case version
    case manual = "help-man"
    case bashCompletion = "completion-script-bash"
    case zshCompletion = "completion-script-zsh"
    /// For `make docs`; nobody else is told of it.
    case reference = "help-markdown"

    /// What help says of each.
    static let shown: [(information: Information, help: String)] = [
        (.help, "Show this text, or that of a command."),
        (.version, "Show which build this is."),
        (.manual, "Print a manual page."),
        (.bashCompletion, "Print completion for bash."),
        (.zshCompletion, "Print completion for zsh."),
    ]
}
