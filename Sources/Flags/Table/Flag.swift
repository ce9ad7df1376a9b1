/// A row of a program's table of flags: everything that parsing, help, manual, completion and reference know about a flag.
package struct Flag<Configuration>: Sendable {
    package let name: String
    /// The environment variable that stands for it; nil when there is none.
    package let variable: String?
    package let shape: FlagShape
    /// The default as it would be written; empty when there is none.
    package let standard: String
    package let help: String
    /// What its values are, for completion.
    package let choices: [String]
    /// Another variable, which is asked last.
    package private(set) var alternative: AlternativeVariable?
    /// Its values are shown nowhere: neither when they are wrong, nor as what was configured, nor in the list of processes.
    package private(set) var isSecret = false
    package let apply: @Sendable (inout Configuration, [String]) throws -> Void

    package var placeholder: String? {
        switch shape {
        case .value(let placeholder), .list(let placeholder, _): placeholder
        case .toggle: nil
        }
    }

    package var isRepeatable: Bool {
        if case .list = shape { true } else { false }
    }

    /// Applies what was given for it, by a flag or a variable.
    package func set(
        _ configuration: inout Configuration,
        to texts: [String],
        from source: String
    ) throws(UsageErrors) {
        var errors: [UsageError] = []
        // Each of a list is tried alone, so that every wrong one is named.
        for text in isRepeatable ? texts : [] {
            var trial = configuration
            if let error = failure(of: [text], source, &trial) { errors.append(error) }
        }
        if errors.isEmpty, let error = failure(of: texts, source, &configuration) { errors = [error] }
        guard errors.isEmpty else { throw UsageErrors(errors: errors) }
    }

    private func failure(of texts: [String], _ source: String, _ configuration: inout Configuration) -> UsageError? {
        do {
            try apply(&configuration, texts)
            return nil
        } catch {
            let problem = error as? ValueProblem ?? ValueProblem("\(error)")
            return UsageError(source, shown(texts).joined(separator: " "), problem)
        }
    }

    /// Values as they may be printed.
    func shown(_ texts: [String]) -> [String] {
        isSecret ? texts.map { _ in Secret.placeholder } : texts
    }
}

extension Flag {
    /// The same flag, whose values are shown nowhere.
    var hidden: Flag {
        var flag = self
        flag.isSecret = true
        return flag
    }

    /// The same flag, which is asked for by another variable, too, when neither it nor its own variable is given.
    package func orVariable(
        _ variable: String,
        _ read: @escaping @Sendable (String) throws(ValueProblem) -> String
    ) -> Flag {
        var flag = self
        flag.alternative = AlternativeVariable(name: variable, read: read)
        return flag
    }

    /// The same flag for a configuration that this one is a part of.
    package func within<Whole>(_ part: any WritableKeyPath<Whole, Configuration> & Sendable) -> Flag<Whole> {
        Flag<Whole>(
            name: name,
            variable: variable,
            shape: shape,
            standard: standard,
            help: help,
            choices: choices,
            alternative: alternative,
            isSecret: isSecret
        ) { [apply] whole, texts in try apply(&whole[keyPath: part], texts) }
    }

    package static func value(
        _ name: String,
        _ variable: String?,
        _ placeholder: String,
        _ standard: String,
        _ help: String,
        choices: [String] = [],
        _ apply: @escaping @Sendable (inout Configuration, String) throws -> Void
    ) -> Flag {
        Flag(
            name: name,
            variable: variable,
            shape: .value(placeholder: placeholder),
            standard: standard,
            help: help,
            choices: choices
        ) { configuration, texts in
            if let last = texts.last { try apply(&configuration, last) }
        }
    }

    package static func toggle(
        _ name: String,
        _ variable: String?,
        standard: Bool = false,
        _ help: String,
        _ apply: @escaping @Sendable (inout Configuration, Bool) -> Void
    ) -> Flag {
        Flag(
            name: name,
            variable: variable,
            shape: .toggle,
            standard: "\(standard)",
            help: help,
            choices: []
        ) { configuration, texts in
            if let last = texts.last { apply(&configuration, try Values.toggle(last)) }
        }
    }

    package static func list(
        _ name: String,
        _ variable: String?,
        _ placeholder: String,
        separators: String = "\n",
        _ standard: String,
        _ help: String,
        _ apply: @escaping @Sendable (inout Configuration, [String]) throws -> Void
    ) -> Flag {
        Flag(
            name: name,
            variable: variable,
            shape: .list(placeholder: placeholder, separators: separators),
            standard: standard,
            help: help,
            choices: [],
            apply: apply
        )
    }
}
