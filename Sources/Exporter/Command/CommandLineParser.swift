import AsyncHTTP

/// What the program is to do, read from its arguments and environment. Pure: nothing is opened or printed here.
struct Invocation: Sendable {
    enum Action: Sendable, Hashable {
        case run(Subcommand)
        case help(Subcommand)
        case version
        case manual
        case bashCompletion
        case zshCompletion
        case reference
    }

    /// A value that somebody has set, and where.
    struct Setting: Sendable, Hashable {
        let flag: String
        let source: String
        let values: [String]
    }

    var action = Action.run(.serve)
    var configuration = Configuration()
    var settings: [Setting] = []
    /// What followed `sleep`.
    var sleep = Duration.zero
    /// Variables that are taken without effect.
    var ignoredVariables: [String] = []

    static let information: [String: Action] = [
        "help": .help(.serve), "version": .version, "help-man": .manual, "completion-script-bash": .bashCompletion,
        "completion-script-zsh": .zshCompletion, "help-markdown": .reference,
    ]
}

/// Reads arguments and environment by the table of flags. A flag beats its variable, both beat the default.
struct CommandLineParser {
    private(set) var errors: [UsageError] = []
    private var command = Subcommand.serve
    private var given: [String: [String]] = [:]
    private var operands: [String] = []
    private var information: Invocation.Action?

    /// - Throws: everything that is wrong, not only the first.
    static func parse(
        _ arguments: [String],
        environment: [String: String]
    ) throws(UsageErrors) -> Invocation {
        var parser = CommandLineParser()
        parser.read(arguments)
        if let information = parser.information {
            guard case .help = information else { return Invocation(action: information) }
            return Invocation(action: .help(parser.command))
        }
        let invocation = parser.apply(environment)
        guard parser.errors.isEmpty else { throw UsageErrors(errors: parser.errors) }
        return invocation
    }

    // MARK: Arguments

    private mutating func read(_ arguments: [String]) {
        var rest = arguments[...]
        if let word = rest.first, !word.hasPrefix("-") {
            rest.removeFirst()
            if word == "help" {
                information = .help(.serve)
            } else if let named = Subcommand(rawValue: word) {
                command = named
            } else {
                let names = Subcommand.allCases.map(\.rawValue)
                errors.append(
                    UsageError("unknown command \(word.quotedForMessage)\(Suggestion.clause(word, of: names))")
                )
            }
        }
        while let word = rest.popFirst() {
            if word == "-h" {
                information = .help(.serve)
            } else if word.hasPrefix("--"), word.utf8.count > 2 {
                readFlag(String(word.dropFirst(2)), &rest)
            } else {
                operands.append(word)
            }
        }
    }

    private mutating func readFlag(_ text: String, _ rest: inout ArraySlice<String>) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = halves[0]
        if let action = Invocation.information[name] {
            information = action
            return
        }
        let flags = FlagTable.flags(of: command)
        if let flag = flags.first(where: { $0.name == name }) {
            if halves.count == 2 {
                given[name, default: []].append(halves[1])
            } else if flag.shape == .toggle {
                given[name, default: []].append("true")
            } else if let value = rest.popFirst() {
                given[name, default: []].append(value)
            } else {
                errors.append(UsageError("--\(name) needs a value (\(flag.placeholder ?? "")): \(flag.help)"))
            }
        } else if name.hasPrefix("no-"), halves.count == 1,
            let flag = flags.first(where: { $0.shape == .toggle && $0.name == name.dropFirst(3) })
        {
            given[flag.name, default: []].append("false")
        } else {
            let names = flags.map { "--\($0.name)" } + Invocation.information.keys.map { "--\($0)" }.sorted()
            let others = FlagTable.all.contains { $0.name == name } ? "; \(command.rawValue) does not take it" : ""
            errors.append(
                UsageError("unknown flag --\(name.cleaned)\(others)\(Suggestion.clause("--\(name)", of: names))")
            )
            // `--typo value`: the value is not a second mistake.
            if halves.count == 1, let next = rest.first, !next.hasPrefix("-") { rest.removeFirst() }
        }
    }

    // MARK: Values

    private mutating func apply(_ environment: [String: String]) -> Invocation {
        var invocation = Invocation(action: .run(command))
        // A healthcheck looks for an exporter that was started with the same environment.
        let flags =
            command == .healthcheck ? FlagTable.flags(of: command) + FlagTable.web : FlagTable.flags(of: command)
        for flag in flags {
            let values: [String]
            let source: String
            if let texts = given[flag.name] {
                (values, source) = (texts, "--\(flag.name)")
            } else if let variable = flag.variable, let text = environment[variable], !text.isEmpty {
                (values, source) = (Self.split(text, by: flag.shape), variable)
            } else if flag.name == "web.listen-address", let port = environment["PORT"], !port.isEmpty {
                (values, source) = ([port], "PORT")
            } else {
                continue
            }
            do {
                let texts = source == "PORT" ? [":\(try Values.number(values[0], in: 0...65535))"] : values
                try flag.apply(&invocation.configuration, texts)
                invocation.settings.append(Invocation.Setting(flag: flag.name, source: source, values: texts))
            } catch {
                let problem = error as? ValueProblem ?? ValueProblem("\(error)")
                errors.append(UsageError(source, values.joined(separator: " "), problem))
            }
        }
        readOperands(&invocation)
        let retries = "MAX_RETRY_ATTEMPTS"
        if Subcommand.exporters.contains(command), environment[retries] != nil {
            invocation.ignoredVariables = [retries]
        }
        return invocation
    }

    private static func split(_ text: String, by shape: Flag.Shape) -> [String] {
        guard case .list(_, let separators) = shape else { return [text] }
        return text.split { separators.contains($0) }.map { $0.trimmed }.filter { !$0.isEmpty }
    }

    private mutating func readOperands(_ invocation: inout Invocation) {
        if command == .sleep {
            guard operands.count == 1 else {
                return errors.append(UsageError("sleep needs one duration, as in: agent-exporter sleep 2s"))
            }
            do throws(ValueProblem) {
                invocation.sleep = try Values.duration(operands[0])
            } catch {
                errors.append(UsageError("sleep", operands[0], error))
            }
        } else if let operand = operands.first {
            errors.append(UsageError("unexpected argument \(operand.quotedForMessage); flags begin with --"))
        }
    }
}

/// Everything that is wrong with how the program was started.
struct UsageErrors: Error {
    let errors: [UsageError]
}

extension String {
    fileprivate var cleaned: String { String(quotedForMessage.dropFirst().dropLast()) }
}

extension Substring {
    fileprivate var trimmed: String {
        var view = self
        while view.first?.isWhitespace == true { view.removeFirst() }
        while view.last?.isWhitespace == true { view.removeLast() }
        return String(view)
    }
}
