import Flags

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
        if rest.first == "help" {
            rest.removeFirst()
            information = .help(.serve)
        }
        if let word = rest.first, !word.hasPrefix("-") {
            rest.removeFirst()
            readCommand(word)
        }
        let command = command
        let reader = ArgumentReader(
            rest,
            flags: FlagTable.flags(of: command),
            information: Invocation.information.keys
        ) { name in
            FlagTable.all.contains { $0.name == name } ? "; \(command.rawValue) does not take it" : ""
        }
        (given, operands) = (reader.given, reader.operands)
        errors += reader.errors
        if let name = reader.information { information = Invocation.information[name] }
    }

    private mutating func readCommand(_ word: String) {
        if let named = Subcommand(rawValue: word) {
            command = named
        } else {
            let names = Subcommand.allCases.map(\.rawValue)
            errors.append(
                UsageError("unknown command \(word.quotedForMessage)\(Suggestion.clause(word, of: names))")
            )
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
            } else if let variable = flag.variable,
                let texts = environment[variable].map({ Self.split($0, by: flag.shape) }),
                !texts.isEmpty
            {
                (values, source) = (texts, variable)
            } else if flag.name == "web.listen-address", let port = environment["PORT"], !port.isEmpty {
                (values, source) = ([port], "PORT")
            } else {
                continue
            }
            do throws(UsageErrors) {
                let texts = source == "PORT" ? [try Self.address(port: values[0])] : values
                try flag.set(&invocation.configuration, to: texts, from: source)
                invocation.settings.append(Invocation.Setting(flag: flag.name, source: source, values: texts))
            } catch {
                errors += error.errors
            }
        }
        checkNames(invocation)
        readOperands(&invocation)
        let retries = "MAX_RETRY_ATTEMPTS"
        if Subcommand.exporters.contains(command), environment[retries] != nil {
            invocation.ignoredVariables = [retries]
        }
        return invocation
    }

    /// Gauges that somebody names must not have the names of others.
    private mutating func checkNames(_ invocation: Invocation) {
        guard let setting = invocation.settings.first(where: { $0.flag == "agent.gauge" }) else { return }
        do {
            try MetricsPublisher.check(invocation.configuration)
        } catch {
            errors.append(UsageError("\(setting.source): \(error)"))
        }
    }

    private static func address(port: String) throws(UsageErrors) -> String {
        do throws(ValueProblem) {
            return ":\(try Values.number(port, in: 0...65535))"
        } catch {
            throw UsageErrors(errors: [UsageError("PORT", port, error)])
        }
    }

    private static func split(_ text: String, by shape: Flag<Configuration>.Shape) -> [String] {
        guard case .list(_, let separators) = shape else { return text.isEmpty ? [] : [text] }
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

extension Substring {
    fileprivate var trimmed: String {
        var view = self
        while view.first?.isWhitespace == true { view.removeFirst() }
        while view.last?.isWhitespace == true { view.removeLast() }
        return String(view)
    }
}
