import AsyncHTTP
import Flags
import Testing

@testable import Exporter

@Suite("The command line")
struct CommandLineTests {
    private func parse(_ arguments: String..., environment: [String: String] = [:]) throws -> Invocation {
        try CommandLineParser.parse(arguments, environment: environment)
    }

    private func errors(_ arguments: [String], environment: [String: String] = [:]) -> [String] {
        do throws(UsageErrors) {
            _ = try CommandLineParser.parse(arguments, environment: environment)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test("the defaults that are shown are those that apply", arguments: FlagTable.all.map(\.name))
    func defaults(name: String) throws {
        let flag = try #require(FlagTable.all.first { $0.name == name })
        guard !flag.standard.isEmpty else { return }
        var configuration = Configuration()
        try flag.apply(&configuration, [flag.standard])
        #expect(configuration == Configuration())
    }

    @Test("names and variables are used once")
    func unique() {
        let names = FlagTable.all.map(\.name)
        let variables = FlagTable.all.compactMap(\.variable)
        #expect(Set(names).count == names.count)
        #expect(Set(variables).count == variables.count)
    }

    @Test("a flag beats its variable, and the variable beats the default")
    func precedence() throws {
        let environment = ["AGENT_POLL_INTERVAL": "3", "LOG_LEVEL": "DEBUG", "AGENT_TIMEOUT": ""]
        let invocation = try parse("--agent.poll-interval=250ms", environment: environment)
        #expect(invocation.configuration.agent.pollInterval == .milliseconds(250))
        #expect(invocation.configuration.log.level == .debug)
        #expect(invocation.configuration.agent.timeout == .seconds(5))
        #expect(invocation.settings.map(\.source) == ["--agent.poll-interval", "LOG_LEVEL"])
    }

    @Test("--flag=value and --flag value are the same; of several the last counts")
    func forms() throws {
        #expect(try parse("--web.threads", "2").configuration.web.threads == 2)
        #expect(try parse("--web.threads=2", "--web.threads=3").configuration.web.threads == 3)
    }

    @Test("a switch can be turned on and off")
    func toggles() throws {
        #expect(try parse("--web.disable-exporter-metrics").configuration.web.disableExporterMetrics)
        let environment = ["WEB_DISABLE_EXPORTER_METRICS": "true"]
        let invocation = try parse("--no-web.disable-exporter-metrics", environment: environment)
        #expect(!invocation.configuration.web.disableExporterMetrics)
    }

    @Test("addresses and gauges are repeatable, and their variables hold several")
    func lists() throws {
        let addresses = try parse("--web.listen-address=:1", "--web.listen-address=[::1]:2").configuration.web
            .listenAddresses
        #expect(addresses == [.port(1), .host("::1", port: 2)])
        let environment = [
            "WEB_LISTEN_ADDRESS": ":1, unix:/run/x", "AGENT_GAUGES": "app_a=a:The a.\n app_b=b.c \n",
        ]
        let configuration = try parse(environment: environment).configuration
        #expect(configuration.web.listenAddresses == [.port(1), .unix(path: "/run/x")])
        #expect(configuration.agent.gauges.map(\.name) == ["app_a", "app_b"])
        #expect(configuration.agent.gauges.map(\.path) == [["a"], ["b", "c"]])
        #expect(configuration.agent.gauges.map(\.help) == ["The a.", "The agent's b.c."])
    }

    @Test("PORT gives the port alone, and only when no address is given")
    func port() throws {
        #expect(try parse(environment: ["PORT": "9100"]).configuration.web.listenAddresses == [.port(9100)])
        let both = ["PORT": "9100", "WEB_LISTEN_ADDRESS": "127.0.0.1:1"]
        #expect(try parse(environment: both).configuration.web.listenAddresses == [.host("127.0.0.1", port: 1)])
        #expect(errors([], environment: ["PORT": "tcp://10.0.0.1:80"]).count == 1)
    }

    @Test(
        "every wrong value of every flag is an error that names the flag and the value",
        arguments: FlagTable.all.map(\.name)
    )
    func badValues(name: String) throws {
        let command = try #require(
            Subcommand.allCases.first { FlagTable.flags(of: $0).contains { $0.name == name } }
        )
        let words = command.isImplied ? [] : [command.rawValue]
        let free = ["simulate.body", "simulate.agent-status"]
        guard !free.contains(name) else { return }
        let found = errors(words + ["--\(name)=@@nonsense\n"])
        #expect(found.count == 1)
        #expect(found.first?.contains("--\(name)=\"@@nonsense?\"") == true, "\(found)")
        #expect(found.first?.contains("\n") == false)
    }

    @Test("everything that is wrong is said at once")
    func allErrors() {
        let found = errors(["--log.levle=info", "--web.threads=0"], environment: ["AGENT_TIMEOUT": "soon"])
        #expect(found.count == 3)
        #expect(found[0] == "unknown flag --log.levle; did you mean --log.level?")
        #expect(found.contains { $0.hasPrefix("AGENT_TIMEOUT=\"soon\": not a duration") })
        #expect(found.contains { $0.hasPrefix("--web.threads=\"0\": not a whole number from 1 to 256") })
    }

    @Test("a flag of another command, an unknown command and a missing value are told apart")
    func misplaced() {
        #expect(errors(["--simulate.hang"])[0].contains("serve does not take it"))
        #expect(errors(["demmo"]) == ["unknown command \"demmo\"; did you mean demo?"])
        #expect(errors(["--agent.url"])[0].hasPrefix("--agent.url needs a value (URL)"))
        #expect(errors(["serve", "x"])[0].contains("unexpected argument"))
    }

    @Test(
        "durations",
        arguments: [
            ("250ms", 250_000_000), ("5s", 5_000_000_000), ("1m30s", 90_000_000_000), ("1h", 3_600_000_000_000),
            ("43200", 43_200_000_000_000), ("0.5", 500_000_000), ("1.5s", 1_500_000_000), ("0s", 0),
        ] as [(String, Int64)]
    )
    func durations(text: String, nanoseconds: Int64) throws {
        #expect(try Values.duration(text) == .nanoseconds(nanoseconds))
    }

    @Test(
        "what is no duration",
        arguments: [
            "", "s", "5 s", "-1s", "+5s", "1m30", "5x", "1e3", "٥s", "99999999999999999999s", "1.s", "200d",
        ]
    )
    func notDurations(text: String) {
        #expect(throws: ValueProblem.self) { try Values.duration(text) }
    }

    @Test("sizes", arguments: [("1", 1), ("64KiB", 65536), ("1MiB", 1 << 20), ("2kB", 2000)])
    func sizes(text: String, bytes: Int) throws {
        #expect(try Values.bytes(text) == bytes)
    }

    @Test("what is no size", arguments: ["", "0", "-1", "1KB ", "9999GiB", "1.5MiB", "+1"])
    func notSizes(text: String) {
        #expect(throws: ValueProblem.self) { try Values.bytes(text) }
    }

    @Test("MAX_RETRY_ATTEMPTS is taken and has no effect")
    func retries() throws {
        #expect(try parse(environment: ["MAX_RETRY_ATTEMPTS": "7"]).ignoredVariables == ["MAX_RETRY_ATTEMPTS"])
    }

    @Test(
        "information is asked for by its flags, whatever else is wrong",
        arguments: [
            (["--help"], Invocation.Action.help(.serve)), (["demo", "--help"], .help(.demo)), (["-h"], .help(.serve)),
            (["--version"], .version), (["--help-man", "--nonsense"], .manual),
            (["--completion-script-bash"], .bashCompletion), (["--completion-script-zsh"], .zshCompletion),
        ]
    )
    func information(arguments: [String], action: Invocation.Action) throws {
        #expect(try CommandLineParser.parse(arguments, environment: [:]).action == action)
    }

    @Test(
        "healthcheck finds the exporter by the same variables",
        arguments: [
            ([:], "localhost:8000"), (["PORT": "9"], "localhost:9"),
            (["WEB_LISTEN_ADDRESS": "0.0.0.0:7"], "localhost:7"),
            (["WEB_LISTEN_ADDRESS": "[::1]:7"], "[::1]:7"),
        ] as [([String: String], String)]
    )
    func healthcheck(environment: [String: String], endpoint: String) throws {
        let invocation = try CommandLineParser.parse(["healthcheck"], environment: environment)
        #expect(Healthcheck.exporter(invocation.configuration.web).description == endpoint)
    }

    @Test("help, manual and completions name every flag")
    func complete() {
        let texts = [ManualPage.text.replacing("\\-", with: "-"), CompletionScript.bash, CompletionScript.zsh]
        let help = Subcommand.allCases.map(HelpText.text).joined()
        for flag in FlagTable.all {
            #expect(help.contains(FlagText.usage(flag)))
            for text in texts { #expect(text.contains(flag.name)) }
        }
    }
}
