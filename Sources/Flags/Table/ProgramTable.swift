/// A program as its user sees it: commands and their flags. Parsing, help, manual page and completion scripts come from it.
package struct ProgramTable<Configuration: Sendable>: Sendable {
    package let name: String
    /// In a sentence, for `--help`.
    package let purpose: String
    /// In a few words, for the manual page.
    package let summary: String
    /// The number alone, and what `--version` adds to it.
    package let version: String
    package let build: String
    package let standard: Configuration
    /// The first is what happens when none is named.
    package let commands: [Subcommand<Configuration>]
    /// What only shows when everything is put together.
    package let check: @Sendable (Invocation<Configuration>) -> [UsageError]
    /// What `--help-markdown` prints.
    package let reference: @Sendable () throws -> String

    package init(
        name: String,
        purpose: String,
        summary: String,
        version: String,
        build: String,
        standard: Configuration,
        commands: [Subcommand<Configuration>],
        check: @escaping @Sendable (Invocation<Configuration>) -> [UsageError] = { _ in [] },
        reference: @escaping @Sendable () throws -> String
    ) {
        precondition(!commands.isEmpty, "a program does something")
        self.name = name
        self.purpose = purpose
        self.summary = summary
        self.version = version
        self.build = build
        self.standard = standard
        self.commands = commands
        self.check = check
        self.reference = reference
    }

    package var implied: Subcommand<Configuration> { commands[0] }

    /// Every flag once, in the order of the commands.
    package var flags: [Flag<Configuration>] {
        var seen: Set<String> = []
        return commands.flatMap(\.flags).filter { seen.insert($0.name).inserted }
    }

    func command(_ name: String) -> Subcommand<Configuration>? {
        commands.first { $0.name == name }
    }

    func isImplied(_ command: Subcommand<Configuration>) -> Bool { command.name == implied.name }
}
