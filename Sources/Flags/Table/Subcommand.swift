/// One of the things that a program can be asked to do: its flags, and the work itself.
package struct Subcommand<Configuration: Sendable>: Sendable {
    package let name: String
    package let summary: String
    package let flags: [Flag<Configuration>]
    /// Flags of another command that are read from their variables: `healthcheck` looks for a server that was started with
    /// the same environment.
    package let environmentFlags: [Flag<Configuration>]
    /// What follows it, as help shows it; nil when nothing does.
    package let operand: String?
    /// Does it, and returns the exit status.
    package let run: @Sendable (Invocation<Configuration>) throws -> Int32

    package init(
        _ name: String,
        _ summary: String,
        flags: [Flag<Configuration>] = [],
        environmentFlags: [Flag<Configuration>] = [],
        operand: String? = nil,
        run: @escaping @Sendable (Invocation<Configuration>) throws -> Int32
    ) {
        self.name = name
        self.summary = summary
        self.flags = flags
        self.environmentFlags = environmentFlags
        self.operand = operand
        self.run = run
    }
}
