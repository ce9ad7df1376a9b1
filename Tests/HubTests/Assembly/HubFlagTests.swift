import Access
import Flags
import Hosting
import Service
import TLS
import TestFlags
import Testing

@testable import Hub

/// What each flag of the hub decides, and nothing else.
@Suite("What the hub's flags do")
struct HubFlagTests {
    /// A value that is not the default, and the field that it changes. What all programs share is looked at with the sidecar's.
    private static let effects: [String: (text: String, field: String)] = [
        "store": ("memory", "store.place"),
        "store.retention": ("365d", "store.retention"),
        "store.max-size": ("2GiB", "store.maxSize"),
        "postgres.url": ("postgres://u:p@h/d", "history.database"),
        "postgres.url-file": ("/u", "history.database"),
        "postgres.retention": ("365d", "history.retention"),
        "postgres.share": ("true", "history.isShared"),
        "report.ttl": ("3s", "intake.ttl"),
        "report.rate": ("2/s", "intake.rate"),
        "report.strict": ("true", "intake.isStrict"),
        "limit.components": ("3", "intake.components"),
        "limit.series": ("3", "intake.series"),
        "limit.component-series": ("3", "intake.seriesOfComponent"),
        "self-report.name": ("hub-1", "selfReport.name"),
        "self-report.interval": ("3s", "selfReport.interval"),
        "simulate.count": ("3", "simulation.count"),
        "simulate.interval": ("3s", "simulation.interval"),
        "simulate.pool": ("p", "simulation.pool"),
        "count": ("3", "simulation.count"),
        "interval": ("3s", "simulation.interval"),
        "pool": ("p", "simulation.pool"),
        "hub.url": ("http://h:1", "simulation.hub"),
        "hub.tls-ca-file": ("/ca", "access.tls.authorities"),
        "hub.tls-cert-file": ("/cert", "access.tls.certificate"),
        "hub.tls-key-file": ("/key", "access.tls.key"),
        "hub.tls-server-name": ("a.b", "access.tls.serverName"),
        "hub.tls-insecure-skip-verify": ("true", "access.tls.skipsVerification"),
        "hub.basic-auth-user": ("u", "access.credentials.user"),
        "hub.basic-auth-password": ("p", "access.credentials.password"),
        "hub.basic-auth-password-file": ("/p", "access.credentials.password"),
        "hub.bearer-token": ("t", "access.credentials.token"),
        "hub.bearer-token-file": ("/t", "access.credentials.token"),
        "timeout": ("9s", "inquiry.timeout"),
    ]

    private static let configuration = FlagEffects(HubConfiguration()) {
        $0 is ClientAccess || $0 is TLSClientConfiguration || $0 is CredentialsConfiguration
    }

    private static let own = HubProgram.table.flags.filter { flag in
        !flag.name.hasPrefix("web.") && !flag.name.hasPrefix("log.")
            && !HealthcheckConfiguration.flags.contains { $0.name == flag.name && $0.name != "timeout" }
    }

    @Test("each changes its own field and no other", arguments: own.map(\.name))
    func effect(name: String) throws {
        let flag = try #require(Self.own.first { $0.name == name })
        let (text, field) = try #require(Self.effects[name], "say in this table what --\(name) changes")
        #expect(try Self.configuration.changed(flag, to: text).joined(separator: " ") == field)
    }

    @Test("the defaults that are shown are those that apply", arguments: HubProgram.table.flags.map(\.name))
    func defaults(name: String) throws {
        let flag = try #require(HubProgram.table.flags.first { $0.name == name })
        guard !flag.standard.isEmpty else { return }
        #expect(try Self.configuration.changed(flag, to: flag.standard) == [])
    }

    @Test("the variables of its predecessor stand for flags")
    func predecessor() throws {
        let environment = ["NOETL_SERVER_NAME": "s", "NOETL_SERVER_METRICS_INTERVAL": "7"]
        let invocation = try CommandLineParser.parse(HubProgram.table, [], environment: environment)
        #expect(invocation.configuration.selfReport.name == "s")
        #expect(invocation.configuration.selfReport.interval == .seconds(7))
    }

    @Test(
        "what is no value",
        arguments: [
            ("store", "postgres"), ("store", "sqlite:"), ("store.retention", "1m"), ("store.max-size", "1"),
            ("report.rate", "often"), ("report.rate", "0/s"), ("report.rate", "2/d"), ("report.ttl", "0s"),
            ("limit.series", "0"), ("self-report.name", ""),
            ("postgres.url", "metrics"), ("postgres.url", "postgres://h/d?colour=red"), ("postgres.url-file", ""),
            ("postgres.retention", "1h"),
        ]
    )
    func wrong(name: String, text: String) throws {
        let flag = try #require(HubProgram.table.flags.first { $0.name == name })
        var configuration = HubConfiguration()
        #expect(throws: (any Error).self) { try flag.apply(&configuration, [text]) }
    }

    @Test(
        "what cannot be said together",
        arguments: [
            (["--postgres.url=postgres://u@h/d", "--postgres.url-file=/u"], "exclude each other"),
            (["--postgres.url=postgres://u@h/d", "--store=memory"], "--store=memory has none"),
            (["--postgres.share"], "needs a database that hubs share"),
            (["--postgres.url-file=/u", "--postgres.share"], nil), (["--store=memory"], nil),
        ]
    )
    func conflicts(words: [String], complaint: String?) {
        var complaints: [String] = []
        do throws(UsageErrors) {
            _ = try CommandLineParser.parse(HubProgram.table, words, environment: [:])
        } catch {
            complaints = error.errors.map(\.description)
        }
        #expect(complaints.count == (complaint == nil ? 0 : 1))
        if let complaint { #expect(complaints.first?.contains(complaint) == true) }
    }

    @Test("a wrong address is not repeated, for it may hold a password")
    func address() throws {
        let flag = try #require(HubProgram.table.flags.first { $0.name == "postgres.url" })
        var configuration = HubConfiguration()
        let error = #expect(throws: ValueProblem.self) { try flag.apply(&configuration, ["postgres://u:pa%zz@h/d"]) }
        #expect(error.map { !"\($0)".contains("pa%zz") } == true)
    }

    @Test(
        "a rate is so many in a while, and so many at once",
        arguments: [("2/s", 500_000_000, 2), ("6/m", 10_000_000_000, 6), ("1/h", 3_600_000_000_000, 1)]
    )
    func rates(text: String, interval: Int64, burst: Int) throws {
        let flag = try #require(HubProgram.table.flags.first { $0.name == "report.rate" })
        var configuration = HubConfiguration()
        try flag.apply(&configuration, [text])
        #expect(configuration.intake.rate?.interval == interval)
        #expect(configuration.intake.rate?.burst == burst)
    }
}
