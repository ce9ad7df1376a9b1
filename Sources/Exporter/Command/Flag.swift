/// A row of the table of flags: everything that parsing, help, manual, completion and reference know about a flag.
struct Flag: Sendable {
    enum Shape: Sendable, Hashable {
        /// One value; of several the last counts.
        case value(placeholder: String)
        /// Any number of values. Its variable holds them all, with these between them.
        case list(placeholder: String, separators: String)
        /// `--name`, `--no-name`.
        case toggle
    }

    let name: String
    /// The environment variable that stands for it; nil when there is none.
    let variable: String?
    let shape: Shape
    /// The default as it would be written; empty when there is none.
    let standard: String
    let help: String
    /// Whom it is for.
    let commands: [Subcommand]
    /// What its values are, for completion.
    let choices: [String]
    let apply: @Sendable (inout Configuration, [String]) throws -> Void

    var placeholder: String? {
        switch shape {
        case .value(let placeholder), .list(let placeholder, _): placeholder
        case .toggle: nil
        }
    }

    var isRepeatable: Bool {
        if case .list = shape { true } else { false }
    }
}

extension Flag {
    typealias Apply = @Sendable (inout Configuration, String) throws -> Void

    static func value(
        _ name: String,
        _ variable: String?,
        _ placeholder: String,
        _ standard: String,
        _ help: String,
        for commands: [Subcommand] = Subcommand.exporters,
        choices: [String] = [],
        _ apply: @escaping Apply
    ) -> Flag {
        Flag(
            name: name,
            variable: variable,
            shape: .value(placeholder: placeholder),
            standard: standard,
            help: help,
            commands: commands,
            choices: choices
        ) { configuration, texts in
            if let last = texts.last { try apply(&configuration, last) }
        }
    }

    static func toggle(
        _ name: String,
        _ variable: String?,
        _ help: String,
        for commands: [Subcommand] = Subcommand.exporters,
        _ apply: @escaping @Sendable (inout Configuration, Bool) -> Void
    ) -> Flag {
        Flag(
            name: name,
            variable: variable,
            shape: .toggle,
            standard: "false",
            help: help,
            commands: commands,
            choices: []
        ) { configuration, texts in
            if let last = texts.last { apply(&configuration, try Values.toggle(last)) }
        }
    }

    static func list(
        _ name: String,
        _ variable: String?,
        _ placeholder: String,
        separators: String,
        _ standard: String,
        _ help: String,
        for commands: [Subcommand] = Subcommand.exporters,
        _ apply: @escaping @Sendable (inout Configuration, [String]) throws -> Void
    ) -> Flag {
        Flag(
            name: name,
            variable: variable,
            shape: .list(placeholder: placeholder, separators: separators),
            standard: standard,
            help: help,
            commands: commands,
            choices: [],
            apply: apply
        )
    }
}

/// What the program is asked to do.
enum Subcommand: String, Sendable, Hashable, CaseIterable {
    case serve
    case demo
    case simulateAgent = "simulate-agent"
    case healthcheck
    case sleep

    static let exporters: [Subcommand] = [.serve, .demo]
    static let simulators: [Subcommand] = [.demo, .simulateAgent]

    /// `serve` is what happens without a word.
    var isImplied: Bool { self == .serve }

    var summary: String {
        switch self {
        case .serve: "poll the agent and answer scrapes; what happens when no command is named"
        case .demo: "the same, with a simulated agent inside the process"
        case .simulateAgent: "only the simulated agent, with faults on request"
        case .healthcheck: "one GET; exit 0 on 2xx, 1 otherwise"
        case .sleep: "wait for the duration that follows, such as 2s"
        }
    }
}
