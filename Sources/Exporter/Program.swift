import AsyncHTTP
import Flags
import Service

/// The executable, as a library so that it can be tested.
public enum Program {
    public static func main() -> Never {
        openStandardDescriptors()
        DescriptorLimit.raise()
        Environment.end(run(Environment.arguments, Environment.variables))
    }

    /// - Returns: the exit status: 2 when it was started wrongly, 1 when it could not do its job.
    static func run(_ arguments: [String], _ environment: [String: String]) -> Int32 {
        let invocation: Invocation
        do throws(UsageErrors) {
            invocation = try CommandLineParser.parse(arguments, environment: environment)
        } catch {
            for error in error.errors { complain(error) }
            complain("try: agent-exporter --help")
            return 2
        }
        do {
            return try perform(invocation, environment)
        } catch let error as UsageError {
            complain(error)
            return 2
        } catch {
            complain(error)
            return 1
        }
    }

    private static func perform(_ invocation: Invocation, _ environment: [String: String]) throws -> Int32 {
        switch invocation.action {
        case .help(let command): return show(HelpText.text(command))
        case .version: return show("agent-exporter \(BuildInfo.summary)\n")
        case .manual: return show(ManualPage.text)
        case .bashCompletion: return show(CompletionScript.bash)
        case .zshCompletion: return show(CompletionScript.zsh)
        case .reference: return show(try ReferencePage.text())
        case .run(.serve), .run(.demo): return serve(invocation, environment)
        case .run(.simulateAgent): return simulate(invocation)
        case .run(.healthcheck): return Healthcheck.run(invocation.configuration)
        case .run(.sleep):
            let duration = invocation.sleep
            try withEventLoops { try await $0.first.clock.sleep(for: duration) }
            return 0
        }
    }

    private static func show(_ text: String) -> Int32 {
        StandardOutput.write(text) ? 0 : 1
    }

    private static func complain(_ problem: some CustomStringConvertible) {
        _ = StandardError.write(Array("agent-exporter: \(problem)\n".utf8))
    }

    private static func complain(_ problem: any Error) {
        complain("\(problem)")
    }

    // MARK: Long-running commands

    /// Whoever reads its log is to find there why it ended.
    private static func status(_ logger: Logger, _ body: () throws -> Void) -> Int32 {
        do {
            try body()
            return 0
        } catch {
            logger.error("failed", ("error", LogValue("\(error)")))
            return 1
        }
    }

    private static func serve(_ invocation: Invocation, _ environment: [String: String]) -> Int32 {
        let configuration = invocation.configuration
        let logger = Logger(configuration.log)
        for variable in invocation.ignoredVariables {
            logger.info("variable without effect: polling never gives up", ("variable", LogValue(variable)))
        }
        let service = ExporterService(invocation, environment: environment, logger: logger)
        let isDemo = invocation.action == .run(.demo)
        return status(logger) {
            try withEventLoops(count: 1 + configuration.web.threads, signals: [.interrupt, .terminate]) { group in
                let simulation =
                    isDemo
                    ? try SimulatedAgent(
                        configuration.simulation,
                        defaultAddress: .host("127.0.0.1", port: 0),
                        logger: logger,
                        on: group.first
                    ) : nil
                try await service.run(on: group, simulation: simulation)
            }
        }
    }

    private static func simulate(_ invocation: Invocation) -> Int32 {
        let configuration = invocation.configuration
        let logger = Logger(configuration.log)
        return status(logger) {
            try withEventLoops(signals: [.interrupt, .terminate]) { group in
                let agent = try SimulatedAgent(
                    configuration.simulation,
                    defaultAddress: .port(8080),
                    logger: logger,
                    on: group.first
                )
                try await withThrowingDiscardingTaskGroup { tasks in
                    tasks.addTask { try await agent.run() }
                    let signals = SignalSource([.interrupt, .terminate], on: group.first)
                    _ = try await signals.next()
                    await signals.close()
                    tasks.cancelAll()
                }
            }
        }
    }
}
