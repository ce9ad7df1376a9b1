import AsyncHTTP
import Flags
import Hosting
import Service

/// `agent-exporter`: its commands, and what each of them does.
public enum ExporterProgram {
    /// What the executable is.
    public static func main() -> Never {
        Program(table).main()
    }

    static let table = ProgramTable<Configuration>(
        name: "agent-exporter",
        purpose:
            "Polls an agent in the background and answers Prometheus scrapes from memory, so that a scrape never waits for the agent.",
        summary: "metrics of an agent for Prometheus, always from memory",
        version: BuildInfo.version,
        build: BuildInfo.summary,
        standard: Configuration(),
        commands: [serve, demo, simulateAgent, healthcheck, simulateWebhook, sleep],
        check: Configuration.check,
        reference: { try ReferencePage.text() }
    )

    static let serve = Subcommand<Configuration>(
        "serve",
        "poll the agent and answer scrapes; what happens when no command is named",
        flags: Configuration.agentFlags + Configuration.webFlags + Configuration.reportFlags + Configuration.logFlags
    ) { Sidecar.run($0) }

    private static let demo = Subcommand<Configuration>(
        "demo",
        "the same, with a simulated agent inside the process",
        flags: serve.flags + Configuration.simulationFlags
    ) { Sidecar.run($0, isDemo: true) }

    private static let simulateAgent = Subcommand<Configuration>(
        "simulate-agent",
        "only the simulated agent, with faults on request",
        flags: Configuration.logFlags + Configuration.simulationFlags
    ) { invocation in
        let logger = Logger(invocation.configuration.log)
        return logger.running { group in
            let agent = try SimulatedAgent(
                invocation.configuration.simulation,
                defaultAddress: .port(8080),
                logger: logger,
                on: group.first
            )
            try await withThrowingDiscardingTaskGroup { tasks in
                tasks.addTask { try await agent.run() }
                try await logger.untilEnd(on: group.first)
                tasks.cancelAll()
            }
        }
    }

    /// It looks for an exporter that was started with the same environment.
    private static let healthcheck = Subcommand<Configuration>(
        "healthcheck",
        "one GET; exit 0 on 2xx, 1 otherwise",
        flags: Configuration.checkFlags,
        environmentFlags: Configuration.webFlags
    ) { Healthcheck.run($0.configuration.check, $0.configuration.web, port: 8000) }

    private static let simulateWebhook = Subcommand<Configuration>(
        "simulate-webhook",
        "signed webhooks to a receiver; exit 0 if each came out as it was meant",
        flags: Configuration.webhookFlags + Configuration.logFlags,
        operand: "URL [SECRET]"
    ) { invocation in
        try invocation.configuration.webhooks.run(
            invocation.operands,
            invocation.configuration.receiver,
            Logger(invocation.configuration.log)
        ) { invocation.source(of: $0) }
    }

    private static let sleep = Subcommand<Configuration>(
        "sleep",
        "wait for the duration that follows, such as 2s",
        operand: "DURATION"
    ) { invocation in
        guard invocation.operands.count == 1 else {
            throw UsageError("sleep needs one duration, as in: agent-exporter sleep 2s")
        }
        let text = invocation.operands[0]
        let duration: Duration
        do throws(ValueProblem) {
            duration = try Values.duration(text)
        } catch {
            throw UsageError("sleep", text, error)
        }
        try withEventLoops { try await $0.first.clock.sleep(for: duration) }
        return 0
    }
}
