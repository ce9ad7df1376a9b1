import Flags
import Hosting
import Telemetry
import TelemetryServer

/// `docs/hub-reference.md`: flags, endpoints and metrics as tables, from what the program itself uses.
enum HubReferencePage {
    static func text() throws -> String {
        """
        # Reference of the hub

        Printed by `agent-hub --help-markdown`; `make docs` writes it again.

        ## Flags

        A flag beats its variable, both beat the default. An empty variable counts as unset. Durations are `250ms`, `5s`, `1m30s`, `1h`,
        `30d` or seconds as a bare number; sizes `64KiB`, `1MiB`, `10GiB` or bytes. Whatever is wrong is said at once, before a socket is
        opened, and ends the program with status 2.

        \(FlagReference.table(HubProgram.serve.flags))
        `\(Hub.othersVariables.joined(separator: "`, `"))` are for workers, and have no effect on the hub itself.

        `postgres init` and `postgres status` take those that begin with `postgres.`.

        ### `healthcheck`

        \(FlagReference.table(HubConfiguration.checkFlags))
        ## Endpoints

        | path | answer |
        |---|---|
        | `/metrics` | everything that is younger than its TTL, and what the hub counts itself; always 200, from memory |
        \(HubEndpoints.documented.map { "| `\($0.path)` | \($0.answer) |" }.joined(separator: "\n"))

        ## Metrics

        What components report is exported under the names that they gave it. The hub adds:

        \(MetricReference.head)\(try metrics())
        What is said of a follower is there with `--postgres.url`, of sharing with `--postgres.share`. Refusals, handshakes, the certificate's end and reloads are there with `--web.config.file`, those of TLS with a certificate in it.

        """
    }

    /// Every family there can be.
    private static func metrics() throws -> String {
        let metrics = try HubMetrics()
        let host = try HostFamilies(
            in: metrics.registry,
            prefix: HubMetrics.prefix,
            ServerHolder(),
            isLocked: false,
            linesDropped: { 0 }
        )
        // A family without a series yet would be missing.
        _ = try host.requests.requests.with("", "")
        try metrics.register(Latest(), MemoryStore())
        try metrics.registry.register(
            FollowerCollector(of: "postgres", prefix: HubMetrics.prefix) { FollowerStatus() }
        )
        try metrics.registry.register(SharingCollector(prefix: HubMetrics.prefix) { SharingStatus() })
        let lastReport = MetricReference.row(
            try MetricDescriptor(LatestState.lastReportName, kind: .gauge, help: LatestState.lastReportHelp),
            labels: ["component", "component_type", "instance"]
        )
        let families = metrics.registry.gather() + (try HostFamilies.ofLocks(prefix: HubMetrics.prefix))
        return lastReport + families.map { MetricReference.row($0) }.joined()
    }
}
