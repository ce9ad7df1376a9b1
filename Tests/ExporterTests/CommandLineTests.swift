import AsyncHTTP
import Flags
import Hosting
import Service
import TelemetryServer
import Testing

@testable import Exporter

@Suite("The command line")
struct CommandLineTests {
    private func parse(_ arguments: String..., environment: [String: String] = [:]) throws -> Invocation<Configuration>
    {
        try CommandLineParser.parse(ExporterProgram.table, arguments, environment: environment)
    }

    private func errors(_ arguments: [String], environment: [String: String] = [:]) -> [String] {
        do throws(UsageErrors) {
            _ = try CommandLineParser.parse(ExporterProgram.table, arguments, environment: environment)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test("names and variables are used once")
    func unique() {
        let names = ExporterProgram.table.flags.map(\.name)
        let variables = ExporterProgram.table.flags.compactMap(\.variable)
        #expect(Set(names).count == names.count)
        #expect(Set(variables).count == variables.count)
    }

    @Test("a flag beats its variable, and the variable beats the default")
    func precedence() throws {
        let environment = ["AGENT_POLL_INTERVAL": "3", "LOG_LEVEL": "DEBUG", "AGENT_TIMEOUT": ""]
        let invocation = try parse("--agent.poll-interval=250ms", environment: environment)
        #expect(invocation.configuration.source.pollInterval == .milliseconds(250))
        #expect(invocation.configuration.log.level == .debug)
        #expect(invocation.configuration.source.timeout == .seconds(5))
        #expect(invocation.settings.map(\.source) == ["--agent.poll-interval", "LOG_LEVEL"])
    }

    @Test("--flag=value and --flag value are the same; of several the last counts")
    func forms() throws {
        #expect(try parse("--web.threads", "2").configuration.web.threads == 2)
        #expect(try parse("--web.threads=2", "--web.threads=3").configuration.web.threads == 3)
    }

    @Test("a switch can be turned on and off")
    func toggles() throws {
        #expect(try parse("--web.disable-exporter-metrics").configuration.families.disableExporterMetrics)
        let environment = ["WEB_DISABLE_EXPORTER_METRICS": "true"]
        let invocation = try parse("--no-web.disable-exporter-metrics", environment: environment)
        #expect(!invocation.configuration.families.disableExporterMetrics)
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
        #expect(configuration.source.gauges.map(\.name) == ["app_a", "app_b"])
        #expect(configuration.source.gauges.map(\.path) == [["a"], ["b", "c"]])
        #expect(configuration.source.gauges.map(\.help) == ["The a.", "The agent's b.c."])
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
        arguments: ExporterProgram.table.flags.map(\.name)
    )
    func badValues(name: String) throws {
        let commands = ExporterProgram.table.commands
        let command = try #require(commands.first { $0.flags.contains { $0.name == name } })
        let words = command.name == "serve" ? [] : [command.name]
        let free = ["simulate.body", "simulate.agent-status"]
        guard !free.contains(name) else { return }
        let found = errors(words + ["--\(name)=@@nonsense\n"])
        #expect(found.count == 1)
        let flag = try #require(command.flags.first { $0.name == name })
        let shown = flag.isSecret ? "<secret>" : "@@nonsense?"
        #expect(found.first?.contains("--\(name)=\"\(shown)\"") == true, "\(found)")
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
        "healthcheck finds the exporter by the same variables",
        arguments: [
            ([:], "localhost:8000"), (["PORT": "9"], "localhost:9"),
            (["WEB_LISTEN_ADDRESS": "0.0.0.0:7"], "localhost:7"),
            (["WEB_LISTEN_ADDRESS": "[::1]:7"], "[::1]:7"),
        ] as [([String: String], String)]
    )
    func healthcheck(environment: [String: String], endpoint: String) throws {
        let invocation = try CommandLineParser.parse(ExporterProgram.table, ["healthcheck"], environment: environment)
        #expect(Healthcheck.server(invocation.configuration.web, 8000).description == endpoint)
    }

    @Test("help, manual and completions name every flag")
    func complete() {
        let table = ExporterProgram.table
        let scripts = CompletionScript(table)
        let texts = [ManualPage.text(table).replacing("\\-", with: "-"), scripts.bash, scripts.zsh]
        let help = table.commands.map { HelpText.text(table, of: $0.name) }.joined()
        for flag in table.flags {
            #expect(help.contains(FlagText.usage(flag)))
            for text in texts { #expect(text.contains(flag.name)) }
        }
    }

    @Test("a gauge must not have the name of another family, whatever else is exported")
    func clashes() {
        let taken = [
            "app_agent_up", "agent_exporter_polls", "process_open_fds", "app_max_task_capacity",
            "app_active_task_count",
        ]
        for name in taken {
            let found = errors(["--agent.gauge=\(name)=queue"])
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix("--agent.gauge: ") == true, "\(found)")
            #expect(found.first?.contains(name) == true)
        }
        #expect(
            errors([], environment: ["AGENT_GAUGES": "app_a=a\napp_a=b"]).first?.hasPrefix("AGENT_GAUGES: ") == true
        )
    }

    @Test("the metrics cannot be where something else is")
    func telemetryPaths() {
        for path in SidecarEndpoints.paths { #expect(errors(["--web.telemetry-path=\(path)"]).count == 1) }
        #expect(errors(["--web.telemetry-path=/x"]).isEmpty)
    }
}
