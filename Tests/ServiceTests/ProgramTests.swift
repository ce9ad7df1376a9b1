import Flags
import JSON
import Synchronization
import Testing

@testable import Service

@Suite("A program's exit status")
struct ProgramTests {
    private struct Failure: Error {}

    private static let table = ProgramTable<Bool>(
        name: "program",
        purpose: "Ends.",
        summary: "end",
        version: "1",
        build: "1",
        standard: false,
        commands: [
            Subcommand(
                "end",
                "end",
                flags: [
                    .toggle("badly", nil, "Whether it fails.") { $0 = $1 },
                    .value("log.format", "LOG_FORMAT", "FORMAT", "logfmt", "How.") { _, text in
                        _ = try Values.choice(text, of: LogFormat.self)
                    },
                ]
            ) {
                $0.configuration ? 7 : 0
            },
            Subcommand("fail", "fail") { _ in throw Failure() },
            Subcommand("misuse", "find a mistake late") { _ in throw UsageError("that is wrong") },
        ],
        reference: { throw Failure() }
    )

    @Test(
        "0 and what a command returns, 1 for a failure, 2 for a mistake in the arguments",
        arguments: [
            ([], 0), (["--badly"], 7), (["fail"], 1), (["misuse"], 2), (["--nonsense"], 2), (["nonsense"], 2),
            (["--version"], 0), (["--help"], 0), (["fail", "--help"], 0), (["--help-man"], 0),
            (["--completion-script-bash"], 0), (["--completion-script-zsh"], 0), (["--help-markdown"], 1),
        ] as [([String], Int32)]
    )
    func status(arguments: [String], status: Int32) {
        #expect(Program(Self.table).run(arguments, [:]) == status)
    }

    private func complaints(_ arguments: [String], _ environment: [String: String] = [:]) -> [String] {
        let lines = Mutex<[String]>([])
        _ = Program(Self.table).run(arguments, environment) { bytes in
            lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return true
        }
        return lines.withLock { $0 }
    }

    @Test(
        "what is wrong is said in the format of the log, wherever that was chosen",
        arguments: [
            (["--nonsense", "--log.format=json"], [:]),
            (["--nonsense", "--log.format", "JSON"], ["LOG_FORMAT": "logfmt"]),
            (["nonsense"], ["LOG_FORMAT": "json"]), (["misuse"], ["LOG_FORMAT": "json"]),
            (["fail"], ["LOG_FORMAT": "json"]),
        ] as [([String], [String: String])]
    )
    func json(arguments: [String], environment: [String: String]) throws {
        let lines = complaints(arguments, environment)
        #expect(lines.count == 1)
        let values = try JSONFields([["level"], ["msg"], ["time"]]).read(Array(try #require(lines.first).utf8))
        #expect(values[0] == .string("error"))
        #expect(!values.contains(.absent))
    }

    @Test("otherwise it is a plain line, and one that says where there is help")
    func plain() {
        for (arguments, environment) in [
            (["--nonsense"], [:]), (["--nonsense", "--log.format=logfmt"], ["LOG_FORMAT": "json"]),
            (["--log.format=nonsense"], ["LOG_FORMAT": "json"]),
        ] {
            let lines = complaints(arguments, environment)
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("program: ") && $0.hasSuffix("\n") })
            #expect(lines.last == "program: try: program --help\n")
        }
        #expect(complaints(["fail"]) == ["program: Failure()\n"])
    }

    @Test("what goes on until it is told to end returns 0, or 1 with the reason in the log")
    func longRunning() {
        let lines = Mutex<[String]>([])
        let logger = Logger(LogConfiguration()) { bytes in
            lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return true
        }
        #expect(logger.running { _ in } == 0)
        #expect(lines.withLock { $0.isEmpty })
        #expect(logger.running { _ in throw UsageError("that is wrong") } == 1)
        #expect(lines.withLock { $0.count == 1 && $0[0].contains("msg=failed error=\"that is wrong\"") })
    }
}
