import AsyncHTTP
import Flags
import Hosting
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
        commands: [serve, store, healthcheck],
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

    private static let store = Subcommand<HubConfiguration>(
        "store",
        "export: all reports as lines of JSON; verify: whether the log is what was written",
        flags: HubConfiguration.storeFlags,
        operand: "export|verify"
    ) { try StoreCommand.run($0) }

    /// It looks for a hub that was started with the same environment.
    private static let healthcheck = Subcommand<HubConfiguration>(
        "healthcheck",
        "one GET; exit 0 on 2xx, 1 otherwise",
        flags: HubConfiguration.checkFlags,
        environmentFlags: HubConfiguration.webFlags
    ) { Healthcheck.run($0.configuration.check, $0.configuration.web, port: HubConfiguration.port) }
}
