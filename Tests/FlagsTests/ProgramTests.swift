import Testing

@testable import Flags

/// A program of three flags, two commands and an operand.
struct Kettle: Sendable, Hashable {
    struct Water: Sendable, Hashable {
        var degrees = 20
        var names: [String] = []
    }

    var water = Water()
    var isOn = false

    static let flags: [Flag<Kettle>] = [
        Flag<Water>.value("degrees", "KETTLE_DEGREES", "COUNT", "20", "How hot it is to be.") {
            $0.degrees = try Values.number($1, in: 0...100)
        }
        .orVariable("CELSIUS") { text throws(ValueProblem) in text == "hot" ? "90" : text }
        .within(\.water),
        Flag<Water>.list("name", "KETTLE_NAMES", "NAME", separators: ",", "", "What it is called.") { $0.names = $1 }
            .within(\.water),
        .toggle("on", "KETTLE_ON", "Whether it is on.") { $0.isOn = $1 },
    ]

    static let table = ProgramTable<Kettle>(
        name: "kettle",
        purpose: "Boils water.",
        summary: "boil water",
        version: "1.0",
        build: "1.0 (test)",
        standard: Kettle(),
        commands: [
            Subcommand("boil", "make it hot", flags: flags) { _ in 0 },
            Subcommand("wait", "do nothing", environmentFlags: flags, operand: "DURATION") { _ in 0 },
        ],
        check: { $0.configuration.water.degrees == 13 ? [UsageError("13 is unlucky")] : [] },
        reference: { "reference" }
    )
}

@Suite("A program's command line")
struct ProgramTests {
    private func parse(_ words: String, _ environment: [String: String] = [:]) throws -> Invocation<Kettle> {
        let arguments = words.split(separator: " ").map(String.init)
        return try CommandLineParser.parse(Kettle.table, arguments, environment: environment)
    }

    private func errors(_ words: String, _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try parse(words, environment)
            return []
        } catch {
            return (error as? UsageErrors)?.errors.map(\.description) ?? ["\(error)"]
        }
    }

    @Test(
        "flag, variable, alternative variable, default: the first that is given counts",
        arguments: [
            ("--degrees=1", ["KETTLE_DEGREES": "2", "CELSIUS": "3"], 1, "--degrees"),
            ("", ["KETTLE_DEGREES": "2", "CELSIUS": "3"], 2, "KETTLE_DEGREES"),
            ("", ["CELSIUS": "hot", "KETTLE_DEGREES": ""], 90, "CELSIUS"), ("", ["CELSIUS": ""], 20, nil),
            ("--degrees 1 --degrees 4", [:], 4, "--degrees"),
        ] as [(String, [String: String], Int, String?)]
    )
    func precedence(words: String, environment: [String: String], degrees: Int, source: String?) throws {
        let invocation = try parse(words, environment)
        #expect(invocation.configuration.water.degrees == degrees)
        #expect(invocation.source(of: "degrees") == source)
        #expect(invocation.environment == environment)
    }

    @Test("lists collect flags, or split their variable")
    func lists() throws {
        #expect(try parse("--name=a --name b").configuration.water.names == ["a", "b"])
        #expect(try parse("", ["KETTLE_NAMES": " a , b,,"]).configuration.water.names == ["a", "b"])
    }

    @Test("a switch can be turned on and off", arguments: [("--on", true), ("--no-on", false), ("--on=yes", true)])
    func toggles(words: String, isOn: Bool) throws {
        #expect(try parse(words, ["KETTLE_ON": "true"]).configuration.isOn == isOn)
    }

    @Test("what is wrong is said, all of it, and with what may have been meant")
    func wrong() {
        #expect(errors("--degres=5") == ["unknown flag --degres; did you mean --degrees?"])
        #expect(errors("bioil") == ["unknown command \"bioil\"; did you mean boil?"])
        #expect(errors("", ["CELSIUS": "101"]) == ["CELSIUS=\"101\": not a whole number from 0 to 100"])
        #expect(errors("--degrees=13") == ["13 is unlucky"])
        #expect(errors("--degrees=x --on=maybe extra").count == 3)
        #expect(errors("--degrees")[0].hasPrefix("--degrees needs a value (COUNT)"))
        #expect(errors("wait --on")[0].contains("wait does not take it"))
    }

    @Test("a command has its operands, and flags of others by their variables alone")
    func commands() throws {
        let invocation = try parse("wait 2s", ["KETTLE_DEGREES": "7"])
        #expect(invocation.command == "wait")
        #expect(invocation.operands == ["2s"])
        #expect(invocation.configuration.water.degrees == 7)
    }

    @Test("a word of nothing but dashes is no flag", arguments: ["-", "--"])
    func dashes(word: String) throws {
        #expect(try parse("wait \(word)").operands == [word])
        #expect(errors("--degrees=1 \(word)") == ["unexpected argument \"\(word)\"; flags begin with --"])
    }

    @Test(
        "information is asked for by its flags, whatever else is wrong",
        arguments: [
            ("--help", .help, "boil"), ("wait --help", .help, "wait"), ("-h", .help, "boil"),
            ("help wait", .help, "wait"),
            ("--version", .version, "boil"), ("--help-man --nonsense", .manual, "boil"),
            ("--completion-script-bash", .bashCompletion, "boil"), ("--completion-script-zsh", .zshCompletion, "boil"),
            ("--help-markdown", .reference, "boil"),
        ] as [(String, Information, String)]
    )
    func information(words: String, information: Information, command: String) throws {
        let invocation = try parse(words)
        #expect(invocation.information == information)
        #expect(invocation.command == command)
    }

    @Test("help shows commands, flags, defaults and variables")
    func help() {
        let text = HelpText.text(Kettle.table, of: "boil")
        #expect(text.hasPrefix("usage: kettle [command] [flags]\n\nBoils water.\n"))
        #expect(text.contains("  boil            (may be left out) make it hot\n"))
        #expect(text.contains("  --degrees=COUNT\n      How hot it is to be. (default 20, variable KETTLE_DEGREES)\n"))
        #expect(text.contains("  --[no-]on\n"))
        #expect(HelpText.text(Kettle.table, of: "wait").hasPrefix("usage: kettle wait DURATION\n\nDo nothing.\n"))
    }

    @Test("the manual, the completions and the reference name every flag")
    func documents() {
        let scripts = CompletionScript(Kettle.table)
        for text in [ManualPage.text(Kettle.table), scripts.bash, scripts.zsh, FlagReference.table(Kettle.flags)] {
            for name in ["degrees", "name", "on"] { #expect(text.contains(name)) }
        }
        #expect(ManualPage.text(Kettle.table).hasPrefix(".TH KETTLE 1"))
        #expect(scripts.bash.contains("complete -F _kettle kettle"))
        #expect(FlagReference.table(Kettle.flags).contains("| `--degrees=COUNT` | `KETTLE_DEGREES` | `20` |"))
    }
}
