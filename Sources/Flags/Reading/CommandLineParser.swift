/// Reads arguments and environment by a program's table. A flag beats its variable, both beat the default. Pure: nothing is
/// opened or printed here.
package struct CommandLineParser<Configuration: Sendable> {
    private let table: ProgramTable<Configuration>
    private var errors: [UsageError] = []
    private var command: Subcommand<Configuration>
    private var given: [String: [String]] = [:]
    private var operands: [String] = []
    private var information: Information?
    /// A word that fits nowhere may be a piece of a secret.
    private var hidesWords = false

    /// What is said of such a word.
    private static var hiddenWord: String { "(not shown, it may be a piece of a secret without its quotes)" }

    private init(_ table: ProgramTable<Configuration>) {
        self.table = table
        command = table.implied
    }

    /// - Throws: everything that is wrong, not only the first.
    package static func parse(
        _ table: ProgramTable<Configuration>,
        _ arguments: [String],
        environment: [String: String]
    ) throws(UsageErrors) -> Invocation<Configuration> {
        var parser = CommandLineParser(table)
        parser.read(arguments)
        if let information = parser.information {
            return Invocation(parser.command.name, information: information, table.standard, environment)
        }
        let invocation = parser.apply(environment)
        guard parser.errors.isEmpty else { throw UsageErrors(errors: parser.errors) }
        return invocation
    }

    /// What was given for one flag, whatever else is wrong: for what has to be known in order to say what is wrong. The command
    /// that was asked for need not take it.
    package static func given(
        _ name: String,
        _ table: ProgramTable<Configuration>,
        _ arguments: [String],
        environment: [String: String]
    ) -> String? {
        guard let flag = table.flags.first(where: { $0.name == name }) else { return nil }
        var parser = CommandLineParser(table)
        parser.read(arguments)
        return (try? parser.value(of: flag, environment))?.texts.last
    }

    // MARK: Arguments

    private mutating func read(_ arguments: [String]) {
        var rest = arguments[...]
        hidesWords = table.hasSecretFlag(in: arguments)
        if rest.first == "help" {
            rest.removeFirst()
            information = .help
        }
        if let word = rest.first, !word.hasPrefix("-") {
            rest.removeFirst()
            readCommand(word)
        }
        let all = table.flags
        let command = command
        let reader = ArgumentReader(
            rest,
            flags: command.flags,
            information: Information.allCases.map(\.rawValue),
            hidesWords: hidesWords
        ) { name in
            all.contains { $0.name == name } ? "; \(command.name) does not take it" : ""
        }
        (given, operands) = (reader.given, reader.operands)
        errors += reader.errors
        if let name = reader.information { information = Information(rawValue: name) }
    }

    private mutating func readCommand(_ word: String) {
        if let named = table.command(word) {
            command = named
        } else {
            let clause = Suggestion.clause(word, of: table.commands.map(\.name))
            let shown = word.withoutValue.quotedForMessage
            errors.append(UsageError("unknown command \(hidesWords ? Self.hiddenWord : shown)\(clause)"))
        }
    }

    // MARK: Values

    private mutating func apply(_ environment: [String: String]) -> Invocation<Configuration> {
        var invocation = Invocation(command.name, information: nil, table.standard, environment)
        for flag in command.flags + command.environmentFlags {
            do throws(UsageErrors) {
                guard let (texts, source) = try value(of: flag, environment) else { continue }
                try flag.set(&invocation.configuration, to: texts, from: source)
                let shown = flag.shown(texts)
                let setting = Invocation<Configuration>.Setting(flag: flag.name, source: source, values: shown)
                invocation.settings.append(setting)
            } catch {
                errors += error.errors
            }
        }
        if command.operand != nil {
            invocation.operands = operands
        } else if let operand = operands.first {
            let shown = hidesWords ? Self.hiddenWord : operand.withoutValue.quotedForMessage
            errors.append(UsageError("unexpected argument \(shown); flags begin with --"))
        }
        errors += table.check(invocation)
        return invocation
    }

    /// What was given for a flag, and where; nil when nothing was.
    private func value(
        of flag: Flag<Configuration>,
        _ environment: [String: String]
    ) throws(UsageErrors) -> (texts: [String], source: String)? {
        if let texts = given[flag.name] { return (texts, "--\(flag.name)") }
        if let variable = flag.variable, let text = environment[variable] {
            let texts = Self.split(text, by: flag.shape)
            if !texts.isEmpty { return (texts, variable) }
        }
        guard let alternative = flag.alternative, let text = environment[alternative.name], !text.isEmpty else {
            return nil
        }
        do throws(ValueProblem) {
            return ([try alternative.read(text)], alternative.name)
        } catch {
            throw UsageErrors(errors: [UsageError(alternative.name, flag.shown([text])[0], error)])
        }
    }

    private static func split(_ text: String, by shape: FlagShape) -> [String] {
        guard case .list(_, let separators) = shape else { return text.isEmpty ? [] : [text] }
        return text.split { separators.contains($0) }.map { $0.trimmed }.filter { !$0.isEmpty }
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
