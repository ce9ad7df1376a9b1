import AsyncHTTP
import Cache
import Flags
import Hosting
import Reporting
import TLS
import Telemetry
import TelemetryServer

/// `docs/reference.md`: flags and metrics as tables, from what the program itself uses.
enum ReferencePage {
    static func text() throws -> String {
        """
        # Reference

        Printed by `agent-exporter --help-markdown`; `make docs` writes it again.

        ## Flags

        A flag beats its variable, both beat the default. An empty variable counts as unset. Durations are `250ms`, `5s`, `1m30s`, `1h`
        or seconds as a bare number; sizes `64KiB`, `1MiB` or bytes. Whatever is wrong is said at once, before a socket is opened, and
        ends the program with status 2.

        \(FlagReference.table(ExporterProgram.serve.flags))
        `MAX_RETRY_ATTEMPTS`, which an older sidecar had, is taken without effect: polling never gives up.

        ### The simulated agent: `simulate-agent` and `demo`

        \(FlagReference.table(SimulationConfiguration.flags))
        The same settings, by the names `\(SimulatedBehavior.settings.map(\.name).joined(separator: "`, `"))`, are changed while it runs by
        `POST /simulate` with a JSON object, as in `curl -d '{"latency":"10s"}' http://localhost:8080/simulate`.

        ### `simulate-webhook`

        What it sends and what it prints: [webhooks.md](webhooks.md).

        \(FlagReference.table(Configuration.webhookFlags))
        ### `healthcheck`

        \(FlagReference.table(HealthcheckConfiguration.flags))
        ## Endpoints

        GET and HEAD. Any other method on a known path is 405, an unknown path 404.

        | path | answer |
        |---|---|
        | `/metrics` | the metrics, always 200, from memory |
        \(SidecarEndpoints.documented.map { "| `\($0.path)` | \($0.answer) |" }.joined(separator: "\n"))

        ## Metrics

        \(MetricReference.head)\(try metrics())
        Refusals, handshakes, the certificate's end and reloads are there with `--web.config.file`, those of TLS with a certificate in it;
        `agent_exporter_agent_tls_verification_disabled` with `--agent.tls-insecure-skip-verify`; `agent_exporter_report*` with `--report.url`.

        Label values that the agent sends are cut at \(AgentDecoder.longestText) bytes. A gauge of `--agent.gauge` is absent while the agent does not say it.

        """
    }

    /// Every family there can be.
    private static func metrics() throws -> String {
        var configuration = Configuration()
        configuration.families.maxConnections = 1
        configuration.families.hasAliases = true
        configuration.rules.fallback = .zero
        configuration.source.isSecure = true
        configuration.report.hub = .local
        var reports = ReportStatistics()
        reports.lastSuccess = .zero
        configuration.source.tls.skipsVerification = true
        let catalogue = try FamilyCatalogue(configuration, reports: { [reports] in reports })
        // Families without a series yet would be missing.
        _ = try catalogue.requests.requests.with("", "")
        _ = try catalogue.metrics.invalidFields.with("")
        let verdict = Verdict(PollState(), configuration.rules, at: .now)
        let account = LoadAccount(configuration.rules)
        let families =
            try catalogue.families(verdict, account, at: .now) + HostFamilies.ofLocks(prefix: FamilyCatalogue.prefix)
        let agent = catalogue.ofAgent
        return (agent + families.map(\.descriptor).filter { !agent.contains($0) }).map { descriptor in
            let labels = families.first { $0.descriptor == descriptor }?.samples.first?.labels.pairs.map(\.name) ?? []
            return MetricReference.row(descriptor, labels: labels)
        }.joined()
    }
}
