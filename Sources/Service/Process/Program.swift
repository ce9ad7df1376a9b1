import AsyncHTTP
package import Flags

/// A program's way from its arguments to its exit status: 2 when it was started wrongly, 1 when it could not do its job.
package struct Program<Configuration: Sendable>: Sendable {
    private let table: ProgramTable<Configuration>

    package init(_ table: ProgramTable<Configuration>) {
        self.table = table
    }

    package func main() -> Never {
        openStandardDescriptors()
        DescriptorLimit.raise()
        let arguments = Environment.arguments
        Environment.hide(table.secretWords(in: arguments))
        Environment.end(run(arguments, Environment.variables))
    }

    func run(
        _ arguments: [String],
        _ environment: [String: String],
        write: @escaping @Sendable ([UInt8]) -> Bool = { StandardError.write($0) }
    ) -> Int32 {
        // Whoever reads the log by a program reads this by it, too.
        let format = CommandLineParser.given(
            LogConfiguration.formatFlag,
            table,
            arguments,
            environment: environment
        )
        let complaints = Complaints(
            program: table.name,
            format: format.flatMap { try? Values.choice($0) } ?? .logfmt,
            write: write
        )
        do throws(UsageErrors) {
            return perform(try CommandLineParser.parse(table, arguments, environment: environment), complaints)
        } catch {
            return complaints.misuse(error.errors)
        }
    }

    private func perform(_ invocation: Invocation<Configuration>, _ complaints: Complaints) -> Int32 {
        do {
            if let information = invocation.information { return try show(information, of: invocation.command) }
            let command = table.commands.first { $0.name == invocation.command } ?? table.implied
            return try command.run(invocation)
        } catch let error as UsageError {
            return complaints.misuse([error])
        } catch {
            return complaints.failure(error)
        }
    }

    private func show(_ information: Information, of command: String) throws -> Int32 {
        let text =
            switch information {
            case .help: HelpText.text(table, of: command)
            case .version: "\(table.name) \(table.build)\n"
            case .manual: ManualPage.text(table)
            case .bashCompletion: CompletionScript(table).bash
            case .zshCompletion: CompletionScript(table).zsh
            case .reference: try table.reference()
            }
        return StandardOutput.write(text) ? 0 : 1
    }
}
