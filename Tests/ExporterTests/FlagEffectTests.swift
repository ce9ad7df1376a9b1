import Flags
import Hosting
import Service
import TLS
import TestFlags
import Testing

@testable import Exporter

/// What each flag decides, and nothing else. A flag that sets the field of its neighbour is found here.
@Suite("What flags do")
struct FlagEffectTests {
    /// A value that is not the default, and the field that it changes.
    static let effects: [String: (text: String, field: String)] = [
        "agent.url": ("unix:/run/a.sock:/x", "source.endpoint source.target"),
        "agent.poll-interval": ("3s", "source.pollInterval"),
        "agent.connect-timeout": ("3s", "source.connectTimeout"),
        "agent.timeout": ("3s", "source.timeout"),
        "agent.max-body": ("3KiB", "source.maxBody"),
        "agent.backoff-initial": ("3s", "source.backoffInitial"),
        "agent.backoff-max": ("3s", "source.backoffMax"),
        "agent.gauge": ("app_x=x", "source.gauges"),
        "agent.tls-ca-file": ("/ca", "source.tls.authorities"),
        "agent.tls-cert-file": ("/cert", "source.tls.certificate"),
        "agent.tls-key-file": ("/key", "source.tls.key"),
        "agent.tls-server-name": ("a.b", "source.tls.serverName"),
        "agent.tls-insecure-skip-verify": ("true", "source.tls.skipsVerification"),
        "agent.basic-auth-user": ("u", "source.credentials.user"),
        "agent.basic-auth-password": ("p", "source.credentials.password"),
        "agent.basic-auth-password-file": ("/p", "source.credentials.password"),
        "agent.bearer-token": ("t", "source.credentials.token"),
        "agent.bearer-token-file": ("/t", "source.credentials.token"),
        "agent.header": ("X-A=v", "source.credentials.fields"),
        "agent.header-file": ("X-A=/v", "source.credentials.fieldFiles"),
        "agent.max-age": ("3s", "rules.maxAge"),
        "agent.fallback": ("omit", "rules.fallback"),
        "agent.peak-window": ("3s", "rules.peakWindow"),
        "agent.aliases": ("true", "families.hasAliases"),
        "agent.max-tasks": ("3", "families.maxTasks"),
        "agent.max-connections": ("3", "families.maxConnections"),
        "web.disable-exporter-metrics": ("true", "families.disableExporterMetrics"),
        "web.listen-address": (":3", "web.listenAddresses"),
        "web.systemd-socket": ("true", "web.systemdSocket"),
        "web.socket-mode": ("0600", "web.socketMode"),
        "web.config.file": ("/w", "web.configurationFile"),
        "web.enable-lifecycle": ("true", "web.reloadsOnRequest"),
        "web.telemetry-path": ("/x", "web.telemetryPath"),
        "web.threads": ("3", "web.threads"),
        "web.max-connections": ("3", "web.maxConnections"),
        "web.header-timeout": ("3s", "web.headerTimeout"),
        "web.idle-timeout": ("3s", "web.idleTimeout"),
        "web.write-timeout": ("3s", "web.writeTimeout"),
        "web.ready-requires": ("data", "health.readyRequires"),
        "web.drain-timeout": ("3", "drain.timeout"),
        "report.url": ("http://hub:1/api", "report.hub"),
        "report.interval": ("3s", "report.interval"),
        "report.name": ("sidecar", "report.name"),
        "report.type": ("kind", "report.type"),
        "report.instance": ("1", "report.instance"),
        "report.tls-ca-file": ("/ca", "report.access.tls.authorities"),
        "report.tls-cert-file": ("/cert", "report.access.tls.certificate"),
        "report.tls-key-file": ("/key", "report.access.tls.key"),
        "report.tls-server-name": ("a.b", "report.access.tls.serverName"),
        "report.tls-insecure-skip-verify": ("true", "report.access.tls.skipsVerification"),
        "report.basic-auth-user": ("u", "report.access.credentials.user"),
        "report.basic-auth-password": ("p", "report.access.credentials.password"),
        "report.basic-auth-password-file": ("/p", "report.access.credentials.password"),
        "report.bearer-token": ("t", "report.access.credentials.token"),
        "report.bearer-token-file": ("/t", "report.access.credentials.token"),
        "log.level": ("warn", "log.level"),
        "log.format": ("json", "log.format"),
        "simulate.listen-address": (":3", "simulation.listenAddress"),
        "simulate.control-address": (":3", "simulation.controlAddress"),
        "simulate.latency": ("3s", "simulation.behavior.latency"),
        "simulate.status": ("503", "simulation.behavior.status"),
        "simulate.body": ("x", "simulation.behavior.body"),
        "simulate.drip": ("3", "simulation.behavior.drip"),
        "simulate.refuse": ("3s", "simulation.behavior.refuse"),
        "simulate.agent-status": ("STOPPED", "simulation.behavior.agentStatus"),
        "simulate.tasks": ("3", "simulation.behavior.activeTasks"),
        "simulate.requests": ("3", "simulation.behavior.activeRequests"),
        "simulate.sessions": ("3", "simulation.behavior.openSessions"),
        "simulate.hang": ("true", "simulation.behavior.hang"),
        "simulate.reset": ("true", "simulation.behavior.reset"),
        "url": ("http://h/x", "check.url"),
        "unix": ("/run/a.sock", "check.unix"),
        "ca-file": ("/ca", "check.tls.authorities"),
        "cert-file": ("/cert", "check.tls.certificate"),
        "key-file": ("/key", "check.tls.key"),
        "insecure": ("true", "check.tls.skipsVerification"),
        "timeout": ("9s", "check.timeout"),
        "basic-auth-user": ("u", "check.credentials.user"),
        "basic-auth-password": ("p", "check.credentials.password"),
        "basic-auth-password-file": ("/p", "check.credentials.password"),
        "bearer-token": ("t", "check.credentials.token"),
        "bearer-token-file": ("/t", "check.credentials.token"),
        "secret": ("s", "webhooks.secret"),
        "secret-file": ("/s", "webhooks.secret"),
        "count": ("3", "webhooks.count"),
        "duration": ("3s", "webhooks.duration"),
        "rate": ("3", "webhooks.rate"),
        "connections": ("3", "webhooks.connections"),
        "bad-signatures": ("3", "webhooks.badSignatures"),
        "failures": ("3", "webhooks.failures"),
        "payload-bytes": ("3KiB", "webhooks.payload"),
        "seed": ("3", "webhooks.seed"),
        "json": ("true", "webhooks.isJSON"),
        "tls-ca-file": ("/ca", "receiver.tls.authorities"),
        "tls-cert-file": ("/cert", "receiver.tls.certificate"),
        "tls-key-file": ("/key", "receiver.tls.key"),
        "tls-server-name": ("a.b", "receiver.tls.serverName"),
        "tls-insecure-skip-verify": ("true", "receiver.tls.skipsVerification"),
    ]

    private static let configuration = FlagEffects(Configuration()) {
        $0 is SimulatedBehavior || $0 is ClientAccess || $0 is TLSClientConfiguration || $0 is CredentialsConfiguration
    }

    @Test("each flag changes its own field and no other", arguments: ExporterProgram.table.flags.map(\.name))
    func effect(name: String) throws {
        let flag = try #require(ExporterProgram.table.flags.first { $0.name == name })
        let (text, field) = try #require(Self.effects[name], "say in this table what --\(name) changes")
        #expect(try Self.configuration.changed(flag, to: text).joined(separator: " ") == field)
    }

    @Test("the defaults that are shown are those that apply", arguments: ExporterProgram.table.flags.map(\.name))
    func defaults(name: String) throws {
        let flag = try #require(ExporterProgram.table.flags.first { $0.name == name })
        guard !flag.standard.isEmpty else { return }
        #expect(try Self.configuration.changed(flag, to: flag.standard) == [])
    }
}
