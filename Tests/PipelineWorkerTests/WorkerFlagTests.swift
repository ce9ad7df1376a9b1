import Access
import AsyncHTTP
import Flags
import Hosting
import Service
import TLS
import TelemetryServer
import TestFlags
import Testing

@testable import PipelineWorker

/// What each flag of the worker decides, and nothing else.
@Suite("What the worker's flags do")
struct WorkerFlagTests {
    /// A value that is not the default, and the field that it changes. What all programs share is looked at with the sidecar's.
    private static let effects: [String: (text: String, field: String)] = [
        "webhook.secret": ("s", "webhook.secret"),
        "webhook.secret-file": ("/s", "webhook.secret"),
        "webhook.window": ("60s", "webhook.window"),
        "webhook.refuse-replays": ("true", "webhook.refusesReplays"),
        "webhook.max-body": ("2KiB", "webhook.body"),
        "work.pipeline": ("p", "work.pipeline"),
        "work.concurrency": ("3", "work.concurrency"),
        "work.queue": ("3", "work.queue"),
        "work.duration": ("0s", "work.duration"),
        "work.duration-per-record": ("0s", "work.durationPerRecord"),
        "work.timeout": ("3s", "work.timeout"),
        "work.retries": ("0", "work.retries"),
        "work.checkpoint-interval": ("3s", "work.checkpointInterval"),
        "work.grace-period": ("3", "work.gracePeriod"),
        "play.failures": ("3", "work.failures"),
        "play.timeouts": ("3", "work.timeouts"),
        "play.wishes": ("true", "work.playsWishes"),
        "metrics.enabled": ("no", "kamon.isEnabled"),
        "metrics.service": ("s", "kamon.serviceName"),
        "metrics.listen-address": (":1", "kamon.addresses"),
        "metrics.interval": ("3s", "kamon.interval"),
        "metrics.drop": ("a*", "kamon.dropped"),
        "metrics.disable": ("tasks", "kamon.disabled"),
        "status.enabled": ("off", "kamon.hasStatusPage"),
        "status.listen-address": (":1", "kamon.statusAddresses"),
        "actuator.listen-address": (":1", "actuator.addresses"),
        "report.url": ("http://h:1", "report.hub"),
        "report.pool": ("p", "report.pool"),
        "report.worker": ("w", "report.worker"),
        "report.heartbeat-interval": ("3s", "report.heartbeat"),
        "report.interval": ("3s", "report.interval"),
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
    ]

    private static let configuration = FlagEffects(WorkerConfiguration()) {
        $0 is ClientAccess || $0 is TLSClientConfiguration || $0 is CredentialsConfiguration
    }

    private static let own = WorkerProgram.table.flags.filter { flag in
        !flag.name.hasPrefix("web.") && !flag.name.hasPrefix("log.")
            && !HealthcheckConfiguration.flags.contains { $0.name == flag.name }
    }

    @Test("each changes its own field and no other", arguments: own.map(\.name))
    func effect(name: String) throws {
        let flag = try #require(Self.own.first { $0.name == name })
        let (text, field) = try #require(Self.effects[name], "say in this table what --\(name) changes")
        #expect(try Self.configuration.changed(flag, to: text).joined(separator: " ") == field)
    }

    @Test("the defaults that are shown are those that apply", arguments: WorkerProgram.table.flags.map(\.name))
    func defaults(name: String) throws {
        let flag = try #require(WorkerProgram.table.flags.first { $0.name == name })
        guard !flag.standard.isEmpty else { return }
        #expect(try Self.configuration.changed(flag, to: flag.standard) == [])
    }

    @Test("the variables of those before it stand for flags")
    func variables() throws {
        let environment = [
            "WEBHOOK_SECRET": "s", "PORT": "1", "KAMON_ENABLED": "yes", "KAMON_SERVICE_NAME": "n",
            "KAMON_PROMETHEUS_PORT": "2", "KAMON_STATUS_PAGE_ENABLED": "no", "KAMON_STATUS_PAGE_PORT": "3",
            "ACTUATOR_PORT": "4", "NOETL_SERVER_URL": "http://h", "NOETL_WORKER_POOL_NAME": "p",
            "NOETL_WORKER_ID": "w", "NOETL_WORKER_HEARTBEAT_INTERVAL": "5", "NOETL_WORKER_METRICS_INTERVAL": "6",
        ]
        let found = try CommandLineParser.parse(WorkerProgram.table, [], environment: environment).configuration
        #expect(found.web.listenAddresses == [.port(1)] && found.kamon.addresses == [.port(2)])
        #expect(found.kamon.statusAddresses == [.host("127.0.0.1", port: 3)] && found.actuator.addresses == [.port(4)])
        #expect(found.kamon.isEnabled && !found.kamon.hasStatusPage && found.kamon.serviceName == "n")
        #expect(found.report.pool == "p" && found.report.worker == "w" && found.report.pace == .seconds(5))
        var alone = found.report
        alone.pool = nil
        #expect(alone.pace == .seconds(6))
    }

    @Test("no more attempts fail than there are")
    func played() throws {
        func parse(_ timeouts: Int) throws {
            let flags = ["--play.failures=60", "--play.timeouts=\(timeouts)"]
            _ = try CommandLineParser.parse(WorkerProgram.table, flags, environment: ["WEBHOOK_SECRET": "s"])
        }
        try parse(40)
        #expect(throws: (any Error).self) { try parse(41) }
    }

    @Test(
        "what is no value",
        arguments: [
            ("webhook.secret", ""), ("webhook.secret-file", ""), ("webhook.window", "0s"), ("webhook.max-body", "x"),
            ("work.pipeline", ""), ("work.concurrency", "0"), ("work.queue", "0"), ("work.timeout", "0s"),
            ("work.retries", "-1"), ("play.failures", "101"), ("play.timeouts", "x"), ("metrics.enabled", "maybe"),
            ("metrics.service", ""), ("metrics.interval", "1ms"), ("metrics.drop", ""), ("metrics.disable", "jvm"),
            ("status.listen-address", "x"), ("actuator.listen-address", "x"), ("report.pool", "a\u{1}"),
            ("report.worker", ""), ("report.interval", "0s"), ("webhook.secret", "s\n"), ("webhook.window", "1500ms"),
            ("work.pipeline", "overflow"), ("work.pipeline", String(repeating: "p", count: 129)),
            ("metrics.drop", "a,b"),
        ]
    )
    func refused(name: String, text: String) throws {
        let flag = try #require(WorkerProgram.table.flags.first { $0.name == name })
        var configuration = WorkerConfiguration()
        #expect(throws: (any Error).self) { try flag.apply(&configuration, [text]) }
    }
}
