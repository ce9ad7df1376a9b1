import Testing

@testable import Flags

@Suite("Secrets")
struct SecretTests {
    private static let word = "hunter2-Xyzzy"

    private struct Holder {
        let secret: Secret
        let maybe: Secret?
        let several: [Secret]
    }

    @Test("whatever prints it prints a placeholder")
    func printing() {
        let secret = Secret(Self.word)
        let holder = Holder(secret: secret, maybe: secret, several: [secret])
        var dumped = ""
        dump(secret, to: &dumped)
        dump(holder, to: &dumped)
        var interpolated = ""
        print(secret, holder, to: &interpolated)
        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), secret.description,
            secret.debugDescription, "\(holder)", String(reflecting: holder), dumped, interpolated,
            "\(Mirror(reflecting: secret).children.map { "\($0)" })",
        ]
        for text in texts { #expect(!text.contains(Self.word)) }
        for text in texts.dropLast() { #expect(text.contains(Secret.placeholder)) }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test("it is read where that is asked for")
    func reveal() {
        #expect(Secret(Self.word).reveal { $0 } == Self.word)
        #expect(Secret("").isEmpty)
        #expect(!Secret(" ").isEmpty)
    }

    @Test(
        "two are the same when all of their bytes are",
        arguments: [
            ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("ab", "a", false),
            ("xb", "ab", false), ("bx", "ba", false), ("\u{e9}", "e\u{301}", false),
        ]
    )
    func equality(one: String, other: String, isSame: Bool) {
        #expect((Secret(one) == Secret(other)) == isSame)
        if isSame { #expect(Secret(one).hashValue == Secret(other).hashValue) }
    }
}

/// A door with a secret or two.
struct Door: Sendable, Hashable {
    var key: Secret?
    var words: [Secret] = []
    var name = ""

    static let table = ProgramTable<Door>(
        name: "door",
        purpose: "Opens.",
        summary: "open",
        version: "1.0",
        build: "1.0",
        standard: Door(),
        commands: [
            Subcommand(
                "open",
                "open it",
                flags: [
                    .secret("key", "DOOR_KEY", "KEY", "What opens it.") { door, key in
                        guard key.reveal({ !$0.contains(" ") }) else { throw ValueProblem("no key has a space") }
                        door.key = key
                    },
                    .secrets("pass-word", "DOOR_WORDS", "WORD", "What else does.") { door, words in
                        guard !words.contains(where: \.isEmpty) else { throw ValueProblem("empty") }
                        door.words = words
                    },
                    .value("name", "DOOR_NAME", "NAME", "", "Its name.") { $0.name = $1 },
                ]
            ) { _ in 0 },
            Subcommand("wait", "wait") { _ in 0 },
        ],
        reference: { "" }
    )
}

@Suite("Flags that hold secrets")
struct SecretFlagTests {
    private static let word = "hunter2-Xyzzy"

    private func errors(_ words: [String], _ environment: [String: String] = [:]) -> [String] {
        do throws(UsageErrors) {
            _ = try CommandLineParser.parse(Door.table, words, environment: environment)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test("their values arrive, and what is told of the settings does not have them")
    func settings() throws {
        let words = ["--key=\(Self.word)", "--pass-word", "\(Self.word)1", "--pass-word=\(Self.word)2", "--name=n"]
        let invocation = try CommandLineParser.parse(Door.table, words, environment: [:])
        #expect(invocation.configuration.key?.reveal { $0 } == Self.word)
        #expect(invocation.configuration.words == [Secret("\(Self.word)1"), Secret("\(Self.word)2")])
        #expect(invocation.settings.map(\.values) == [["<secret>"], ["<secret>", "<secret>"], ["n"]])
        #expect(!"\(invocation)".contains(Self.word))
        let environment = ["DOOR_KEY": Self.word, "DOOR_WORDS": "a\nb"]
        let other = try CommandLineParser.parse(Door.table, [], environment: environment)
        #expect(other.configuration.key == Secret(Self.word))
        #expect(other.configuration.words.count == 2)
        #expect(other.settings.map(\.values) == [["<secret>"], ["<secret>", "<secret>"]])
    }

    @Test(
        "no mistake in a command line shows one",
        arguments: [
            ["--key=\(word) x"], ["--key", "\(word) x"], ["--key=a", word], ["--key=\(word)", "and", word],
            ["--kye=\(word)"], ["--kye", word], ["--kye", "-\(word)"], ["--kye", "--\(word)"], ["-key=\(word)"],
            ["-key", word], ["key=\(word)"], ["--key:\(word)"], ["--key", word, "-\(word)"],
            ["--key", "a", "--\(word)"],
            ["open", "--key=a", word], ["wait", "--key=\(word)"], ["wait", "--key", word, word], ["nope=\(word)"],
            ["--pass-word=\(word)", "--pass-word="], ["--name=a", "x=\(word)"], ["--pass_word=\(word)"],
        ]
    )
    func mistakes(words: [String]) {
        let found = errors(words)
        #expect(!found.isEmpty)
        for error in found { #expect(!error.contains(Self.word), "\(error)") }
    }

    @Test("what is wrong with one is said all the same")
    func reasons() {
        #expect(errors(["--key=a b"]) == ["--key=\"<secret>\": no key has a space"])
        #expect(errors([], ["DOOR_KEY": "a b"]) == ["DOOR_KEY=\"<secret>\": no key has a space"])
        #expect(errors(["--kye=a"]) == ["unknown flag --kye; did you mean --key?"])
        #expect(errors(["--key=a", "b"])[0].hasPrefix("unexpected argument (not shown"))
        #expect(errors(["--name=a", "b"]) == ["unexpected argument \"b\"; flags begin with --"])
        #expect(errors(["--name=a", "--wrong"]) == ["unknown flag --wrong"])
        #expect(errors(["--wrong:x=y"]) == ["unknown flag --wrong…"])
    }

    @Test("variables that are nearly one are told by their names alone")
    func variables() {
        let mistaken = Door.table.mistaken(in: ["DOOR_KEYS": Self.word, "DOOR_WORD": Self.word])
        #expect(mistaken.map(\.name) == ["DOOR_KEYS", "DOOR_WORD"])
        #expect(!"\(mistaken)".contains(Self.word))
    }

    @Test(
        "their places on the command line are known",
        arguments: [
            ([], []), (["--name=x", "y"], []), (["--key=abc"], [(0, 6)]), (["--key", "abc"], [(1, 0)]),
            (["open", "--pass-word", "a", "--pass-word=b", "--name", "c"], [(2, 0), (3, 12)]), (["--key"], []),
            (["--key", "--key=x"], [(1, 6)]), (["--key="], [(0, 6)]), (["--keys=x", "-key", "x"], []),
        ] as [([String], [(Int, Int)])]
    )
    func places(words: [String], places: [(Int, Int)]) {
        #expect(Door.table.secretWords(in: words) == places.map { SecretWord(index: $0.0, shown: $0.1) })
    }

    @Test(
        "a URL is told without its user and password, wherever the mistake in it is",
        arguments: [
            ("http://u:p@h/x", "http://…@h/x"), ("http://u:p/q@h/x", "http://…@h/x"), ("htp:/u:p@h", "…@h"),
            ("u:p@h", "…@h"), ("http://h/x", "http://h/x"), ("@@x", "@@x"), ("http://u:p@q@h", "http://…@h"),
            ("http://h/x?token=t", "http://h/x?…"), ("http://u:p@h/?a=b@c", "http://…@c"), ("what?", "what?"),
            ("a@b", "a@b"),
        ]
    )
    func userInformation(text: String, shown: String) {
        #expect(UsageError("--url", text, ValueProblem("wrong")).description == "--url=\"\(shown)\": wrong")
    }
}
