import AsyncHTTP
import Flags
import Hosting
import Service
import TLS
import TestFlags
import Testing

@testable import Exporter

@Suite("simulate-webhook")
struct WebhookCommandTests {
    private static let url = "http://localhost:5000/webhook"

    private func parse(_ arguments: String..., environment: [String: String] = [:]) throws -> Invocation<Configuration>
    {
        let all = ["simulate-webhook"] + arguments
        return try CommandLineParser.parse(ExporterProgram.table, all, environment: environment)
    }

    private func plan(_ invocation: Invocation<Configuration>) throws(UsageError) -> (ClientURL, WebhookPlan) {
        try invocation.configuration.webhooks.plan(invocation.operands, seed: 7) { invocation.source(of: $0) }
    }

    @Test("the command of the documentation means what it says")
    func documented() throws {
        let invocation = try parse(Self.url, "mysecretkey", "--count", "5")
        let (url, plan) = try plan(invocation)
        #expect(url.description == Self.url)
        #expect(plan.simulation.planned == 5)
        let same = try #require(WebhookPlan(WebhookSimulation(), secret: "mysecretkey", seed: 7))
        let time = Duration.seconds(5)
        #expect(plan.webhook(0, at: time).signature == same.webhook(0, at: time).signature)
    }

    @Test("a secret comes from one place: behind the URL, by a flag, or by a variable, which both beat")
    func secrets() throws {
        let signatures = try [
            parse(Self.url, "k"), parse(Self.url, "--secret=k"), parse(Self.url, environment: ["WEBHOOK_SECRET": "k"]),
            parse(Self.url, "k", environment: ["WEBHOOK_SECRET": "other"]),
            parse(Self.url, "--secret=k", environment: ["WEBHOOK_SECRET": "other"]),
        ].map { try plan($0).1.webhook(0, at: .zero).signature }
        #expect(Set(signatures).count == 1)
    }

    @Test(
        "what cannot be meant is said without a secret in it",
        arguments: [
            ([], [:], "needs the URL"),
            ([url, "hidden", "more"], [:], "needs the URL"),
            ([url], [:], "needs a secret"),
            ([url, ""], [:], "SECRET: it is empty"),
            ([url, "hidden\n"], [:], "SECRET: it holds a line break"),
            ([url, "hidden", "--secret=hidden"], [:], "SECRET and --secret exclude"),
            ([url, "hidden", "--secret-file=/x"], [:], "SECRET and --secret-file exclude"),
            ([url, "--secret-file=/x"], ["WEBHOOK_SECRET": "hidden"], "WEBHOOK_SECRET and --secret-file exclude"),
            ([url, "--secret-file=/nowhere"], [:], "--secret-file: "),
            ([url], ["WEBHOOK_SECRET_FILE": "/nowhere"], "WEBHOOK_SECRET_FILE: "),
            (["localhost:5000", "hidden"], [:], "it begins neither with http://"),
            (["http://u:hidden@h/", "hidden"], [:], "a user or password"),
            ([url, "hidden", "--bad-signatures=60", "--failures=41"], [:], "together at most 100"),
        ] as [([String], [String: String], String)]
    )
    func misuse(arguments: [String], environment: [String: String], said: String) throws {
        let all = ["simulate-webhook"] + arguments
        let invocation = try CommandLineParser.parse(ExporterProgram.table, all, environment: environment)
        do throws(UsageError) {
            _ = try plan(invocation)
            Issue.record("it was taken")
        } catch {
            #expect(error.description.contains(said), "\(error)")
            #expect(!error.description.contains("hidden"))
        }
    }

    @Test("a certificate and its key are given together")
    func halves() {
        #expect(throws: UsageErrors.self) { try parse(Self.url, "k", "--tls-cert-file=/c") }
    }

    /// Those whose names another command has, too: the table of all flags knows only the first.
    @Test(
        "flags that healthcheck has, too, change this command's own fields",
        arguments: [
            ("timeout", "9s", "webhooks.timeout"),
            ("basic-auth-user", "u", "receiver.credentials.user"),
            ("basic-auth-password", "p", "receiver.credentials.password"),
            ("basic-auth-password-file", "/p", "receiver.credentials.password"),
            ("bearer-token", "t", "receiver.credentials.token"),
            ("bearer-token-file", "/t", "receiver.credentials.token"),
        ]
    )
    func effects(name: String, text: String, field: String) throws {
        let effects = FlagEffects(Configuration()) {
            $0 is ClientAccess || $0 is TLSClientConfiguration || $0 is CredentialsConfiguration
        }
        let flag = try #require(Configuration.webhookFlags.first { $0.name == name })
        #expect(try effects.changed(flag, to: text) == [field])
        if !flag.standard.isEmpty { #expect(try effects.changed(flag, to: flag.standard) == []) }
    }
}
