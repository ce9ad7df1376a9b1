import AsyncHTTP
import Flags
import Hosting
import Reporting
import Service

/// `agent-hub`: its commands, and what each of them does.
public enum HubProgram {
    /// What the executable is.
    public static func main() -> Never {
        Program(table).main()
    }

    static let table = ProgramTable<HubConfiguration>(
        name: "agent-hub",
        purpose:
            "Takes reports of workers that nobody can scrape, keeps them, answers queries, and exports what is new for Prometheus.",
        summary: "reports of workers in, one scrape out, nothing lost",
        version: BuildInfo.version,
        build: BuildInfo.summary,
        standard: HubConfiguration(),
        commands: [serve, demo, simulateWorkers, checkHub, store, postgres, healthcheck],
        check: HubConfiguration.check,
        reference: { try HubReferencePage.text() }
    )

    /// The commands that serve.
    static let serving: Set<String> = ["serve", "demo"]

    static let serve = Subcommand<HubConfiguration>(
        "serve",
        "take reports and answer scrapes; what happens when no command is named",
        flags: HubConfiguration.serveFlags
    ) { Hub.run($0) }

    private static let demo = Subcommand<HubConfiguration>(
        "demo",
        "the same, with simulated workers inside the process",
        flags: serve.flags + HubConfiguration.simulationFlags
    ) { Hub.run($0, isDemo: true) }

    private static let simulateWorkers = Subcommand<HubConfiguration>(
        "simulate-workers",
        "workers that report to a hub, as many as are wanted",
        flags: HubConfiguration.workerFlags
    ) { invocation in
        let configuration = invocation.configuration
        let logger = Logger(configuration.log)
        return logger.running { group in
            let failures = FailureLog("a report was not taken", logger)
            let hub = configuration.simulation.hub
            let workers = try SimulatedWorkers(
                configuration.simulation,
                on: group.first,
                security: HubConfiguration.access.security(
                    configuration.access,
                    to: hub.endpoint,
                    isSecure: hub.isSecure
                ),
                fields: HubConfiguration.access.fields(configuration.access),
                failed: { failures.failed($0) }
            )
            logger.info(
                "reporting",
                ("hub", LogValue(hub)),
                ("workers", LogValue(configuration.simulation.count)),
                ("interval_seconds", LogValue(configuration.simulation.interval))
            )
            try await withThrowingDiscardingTaskGroup { tasks in
                tasks.addTask { await workers.run() }
                try await logger.untilEnd(on: group.first)
                tasks.cancelAll()
            }
        }
    }

    private static let checkHub = Subcommand<HubConfiguration>(
        "check",
        "whether a hub keeps, answers and exports what is reported; exit 0 if so",
        flags: HubConfiguration.inquiryFlags,
        operand: "URL"
    ) { invocation in
        let hub = try HubCheckConfiguration.hub(in: invocation.operands)
        let access = invocation.configuration.access
        return try HubCheck.run(
            hub,
            invocation.configuration.inquiry,
            security: HubConfiguration.access.security(access, to: hub.endpoint, isSecure: hub.isSecure),
            fields: HubConfiguration.access.fields(access)
        )
    }

    private static let store = Subcommand<HubConfiguration>(
        "store",
        "export: all reports as lines of JSON; verify: whether the log is what was written",
        flags: HubConfiguration.storeFlags,
        operand: "export|verify"
    ) { try StoreCommand.run($0) }

    private static let postgres = Subcommand<HubConfiguration>(
        "postgres",
        "init: make the tables of the history; status: what is there, and how far each hub has written",
        flags: HubConfiguration.historyFlags,
        operand: "init|status"
    ) { try PostgresCommand.run($0) }

    /// It looks for a hub that was started with the same environment.
    private static let healthcheck = Subcommand<HubConfiguration>(
        "healthcheck",
        "one GET; exit 0 on 2xx, 1 otherwise",
        flags: HubConfiguration.checkFlags,
        environmentFlags: HubConfiguration.webFlags
    ) { Healthcheck.run($0.configuration.check, $0.configuration.web, port: HubConfiguration.port) }
}
