import AsyncHTTP
import Glibc
import Testing

/// The scripts in Tests/Integration, run against the binary that was built beside these tests.
@Suite("The built binary")
struct IntegrationTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    /// So many at once: they wait more than they compute.
    private static let places = Places(3)

    @Test(
        "keeps its promises",
        .timeLimit(.minutes(10)),
        // The longest first: they end when the others do. Those that measure how long something takes come when there is less else.
        arguments: [
            "prometheus", "hub_openapi", "hub_postgres_faults", "hub_docs", "hub_postgres_commands", "hub_postgres",
            "hub_sharing", "tls_abuse", "lifecycle", "pressure", "hub", "hub_reporters", "hub_failover",
            "hub_postgres_kills",
            "values", "agent", "web", "page", "start", "log", "commands", "secrets",
            "hub_crash", "hub_disks", "hub_hostile", "hub_log", "hub_page", "worker", "demo",
            "faults", "loadtest", "loadtest_requests", "loadtest_tls", "certificates", "tls", "tls_renewal",
            "tls_streams", "tls_garbage", "locks", "locks_reload", "agent_tls", "prometheus_locked",
            "simulate_webhook", "bench", "build", "embedded", "instrument", "from_noetl", "mutants",
        ]
    )
    func promises(script: String) async throws {
        let (root, directory) = (Self.root, Self.root + "/Tests/Integration")
        let python = Self.root + "/.build/python/installed.txt"
        try #require(
            unsafe access(python, R_OK) == 0,
            "nothing is set up yet: run `make test`, or Tests/setup before this"
        )
        let binary = try Self.binary()
        // On a thread of its own each holds up no test of those that run meanwhile.
        let command = try await Self.places.occupied {
            try Shell.run(
                """
                cd '\(directory)' && PYTHONDONTWRITEBYTECODE=1 AGENT_EXPORTER='\(binary)' \
                '\(root)/.build/python/bin/python' -m unittest test_\(script)
                """
            )
        }
        #expect(command.status == 0, "\(command.output)")
    }

    @Test("prints the reference that is in docs: `make docs` writes it again")
    func reference() throws {
        let printed = try Shell.run("'\(try Self.binary())' --help-markdown")
        let written = try Shell.run("cat '\(Self.root)/docs/reference.md'")
        #expect(printed.status == 0)
        #expect(printed.output == written.output)
    }

    /// Beside the test program, wherever the build's scratch path is.
    private static func binary() throws -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &path, path.count - 1)
        let program = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/"
        )
        let places = ["\(directory)/agent-exporter", "\(root)/.build/debug/agent-exporter"]
        return try #require(places.first { unsafe access($0, X_OK) == 0 }, "agent-exporter has not been built")
    }
}

/// Places for what blocks, each a thread, for those who have to wait for one another.
private actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        free = count
    }

    func occupied<Value: Sendable>(by work: @escaping @Sendable () throws -> Value) async throws -> Value {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
        defer { if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() } }
        return try await WorkThread(capacity: 1).run(work)
    }
}

/// A command that a shell runs to its end.
struct Shell {
    let status: Int32
    let output: String

    struct CannotStart: Error {}

    static func run(_ command: String) throws -> Shell {
        let pipe = unsafe popen("(\(command)) 2>&1", "r")
        guard let pipe = unsafe pipe else { throw CannotStart() }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = unsafe fread(&chunk, 1, chunk.count, pipe), count > 0 { bytes += chunk[..<count] }
        let status = unsafe pclose(pipe)
        return Shell(
            status: status & 0x7F == 0 ? (status >> 8) & 0xFF : -1,
            output: String(decoding: bytes, as: UTF8.self)
        )
    }
}
