import Flags
import Hosting
import Pipelines
import Telemetry
import TelemetryServer

/// `docs/worker-reference.md`: flags, endpoints and metrics as tables, from what the program itself uses.
enum WorkerReferencePage {
    static func text() throws -> String {
        """
        # Reference of the worker

        Printed by `pipeline-worker --help-markdown`; `make docs` writes it again.

        ## Flags

        A flag beats its variable, both beat the default. An empty variable counts as unset. Durations are `250ms`, `5s`, `1m30s`, `1h`,
        `30d` or seconds as a bare number; sizes `64KiB`, `1MiB`, `10GiB` or bytes. Whatever is wrong is said at once, before a socket is
        opened, and ends the program with status 2.

        \(FlagReference.table(WorkerConfiguration.serveFlags))
        ### `healthcheck`

        \(FlagReference.table(WorkerConfiguration.checkFlags))
        ## Endpoints

        | port | path | answer |
        |---|---|---|
        | 5000 | `/metrics` | webhooks, and what the program counts itself |
        \(WorkerEndpoints.documented.map { "| 5000 | `\($0.path)` | \($0.answer) |" }.joined(separator: "\n"))
        | 9095 | `/metrics` | pipelines, tasks, the process; `/`, `/healthz` and `/readyz` as well |
        | 5266 | `/`, `/status.json` | settings, modules, instruments, health |
        | 8080 | `\(ActuatorInfo.path)` | what an agent says of itself |

        ## Metrics

        On port 5000:

        \(MetricReference.head)\(try front())
        On port 9095:

        \(MetricReference.head)\(try own())
        Refusals, handshakes, the certificate's end and reloads are there with `--web.config.file`, those of TLS with a certificate in it; reloads with
        `--webhook.secret-file`, too.

        """
    }

    private static func metrics() throws -> WorkerMetrics {
        try WorkerMetrics(KamonConfiguration(), BatchQueue(capacity: 1), cores: 1)
    }

    private static func front() throws -> String {
        let metrics = try metrics()
        let host = try HostFamilies(
            in: metrics.front,
            prefix: WorkerMetrics.prefix,
            ServerHolder(),
            isLocked: false,
            linesDropped: { 0 }
        )
        // A family without a series yet would be missing.
        _ = try host.requests.requests.with("", "")
        let families = metrics.front.gather() + (try HostFamilies.ofLocks(prefix: WorkerMetrics.prefix))
        return families.map { MetricReference.row($0) }.joined()
    }

    private static func own() throws -> String {
        let metrics = try metrics()
        // What has no series yet would be missing.
        metrics.meter?.recordStateTransition(pipelineId: "", fromState: .empty, toState: .configured)
        metrics.meter?.recordBatchFailed(pipelineId: "", errorCode: "")
        _ = try metrics.records?.with("")
        metrics.meter?.recordRetryScheduled(pipelineId: "", errorCode: "", retryCount: 0)
        return metrics.own.gather().map { MetricReference.row($0) }.joined()
    }
}
