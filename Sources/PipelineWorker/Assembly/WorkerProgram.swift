import Flags
import Hosting
import Service

/// `pipeline-worker`: its commands, and what each of them does.
public enum WorkerProgram {
    /// What the executable is.
    public static func main() -> Never {
        Program(table).main()
    }

    static let table = ProgramTable<WorkerConfiguration>(
        name: "pipeline-worker",
        purpose: "Takes signed webhooks, processes each as a batch of a pipeline, and exports what it really does.",
        summary: "webhooks in, batches processed, metrics out",
        version: BuildInfo.version,
        build: BuildInfo.summary,
        standard: WorkerConfiguration(),
        commands: [serve, healthcheck],
        check: WorkerConfiguration.check,
        reference: { try WorkerReferencePage.text() }
    )

    /// The commands that serve.
    static let serving: Set<String> = ["serve"]

    private static let serve = Subcommand<WorkerConfiguration>(
        "serve",
        "take webhooks and process them; what happens when no command is named",
        flags: WorkerConfiguration.serveFlags
    ) { try WorkerService.run($0) }

    /// It looks for a worker that was started with the same environment.
    private static let healthcheck = Subcommand<WorkerConfiguration>(
        "healthcheck",
        "one GET; exit 0 on 2xx, 1 otherwise",
        flags: WorkerConfiguration.checkFlags,
        environmentFlags: WorkerConfiguration.webFlags
    ) { Healthcheck.run($0.configuration.check, $0.configuration.web, port: WorkerConfiguration.port) }
}
