import AsyncHTTP
import Flags
import Glibc
import Testing

@testable import Service

@Suite("Credentials that are read again")
struct CredentialReaderTests {
    private static let flags = CredentialFlags("agent.", variables: "AGENT_")
    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    /// What would be sent, or why nothing can be.
    private func sent(_ reader: CredentialReader, after seconds: Double = 0) async -> String {
        do throws(CredentialProblem) {
            let credentials = try await reader.credentials(
                at: Self.start.advanced(by: .milliseconds(Int(seconds * 1000)))
            )
            let fields = try? credentials.added(to: HeaderFields())
            return fields?.map { "\($0.name): \($0.value)" }.joined(separator: ", ") ?? "cannot be written"
        } catch {
            return "\(error)"
        }
    }

    private func replace(_ path: String, _ text: String?) throws {
        guard let text else { return try #require(unsafe unlink(path) == 0) }
        let file = unsafe try #require(unsafe fopen("\(path).new", "w"))
        unsafe fputs(text, file)
        unsafe fclose(file)
        try #require(unsafe rename("\(path).new", path) == 0)
    }

    private func withFile(_ body: @escaping @Sendable (String) async throws -> Void) throws {
        let path = "/tmp/credential-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        defer { unsafe unlink(path) }
        try withEventLoops { _ in try await body(path) }
    }

    @Test(
        "each kind is sent as HTTP wants it",
        arguments: [
            ("Aladdin", "open sesame", "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("u", "p", "Authorization: Basic dTpw"), ("u", "pw", "Authorization: Basic dTpwdw=="),
            ("u", "p:\u{a3}", "Authorization: Basic dTpwOsKj"),
            ("u", "\u{3ff}>?\u{fb}", "Authorization: Basic dTrPvz4/w7s="),
        ]
    )
    func basic(user: String, password: String, expected: String) throws {
        var configuration = CredentialsConfiguration()
        configuration.user = user
        configuration.password = .value(Secret(password))
        let fields = try CredentialReader(configuration, Self.flags).read().added(to: HeaderFields())
        #expect(fields.map { "\($0.name): \($0.value)" } == [expected])
    }

    @Test("a token, and fields of any name, beside those of the program")
    func others() throws {
        var configuration = CredentialsConfiguration()
        configuration.token = .value(Secret("abc"))
        configuration.fields = [try SecretField(value: Secret("X-A=b c"), taken: [])]
        var fields = HeaderFields()
        try fields.append("Accept", "x")
        let reader = CredentialReader(configuration, Self.flags)
        #expect(try reader.read().added(to: fields).map(\.value) == ["x", "Bearer abc", "b c"])
        #expect(reader.remark == "it was sent what --agent.bearer-token and --agent.header has")
        #expect(CredentialReader(CredentialsConfiguration(), Self.flags).remark.hasPrefix("no credential was sent"))
    }

    @Test("a file is looked at once a second, and what it says then is sent")
    func rotation() throws {
        try withFile { path in
            var configuration = CredentialsConfiguration()
            configuration.token = .file(path)
            let reader = CredentialReader(configuration, Self.flags)
            try replace(path, "one\n")
            #expect(await sent(reader) == "Authorization: Bearer one")
            try replace(path, "two\r\n")
            #expect(await sent(reader, after: 0.999) == "Authorization: Bearer one")
            #expect(await sent(reader, after: 1) == "Authorization: Bearer two")
            try replace(path, nil)
            #expect(await sent(reader, after: 1.5) == "Authorization: Bearer two")
            let missing = await sent(reader, after: 2)
            #expect(missing == "--agent.bearer-token-file: stat \(path): No such file or directory")
            try replace(path, "one")
            #expect(await sent(reader, after: 2.9) == missing)
            #expect(await sent(reader, after: 3) == "Authorization: Bearer one")
        }
    }

    @Test("one that was there before the program is not needed, and a missing one stops all that would be sent")
    func missing() throws {
        try withFile { path in
            var configuration = CredentialsConfiguration()
            configuration.token = .value(Secret("abc"))
            configuration.fieldFiles = [try SecretField(file: "X-A=\(path)", taken: [])]
            let reader = CredentialReader(configuration, Self.flags)
            #expect(await sent(reader).hasPrefix("--agent.header-file: stat \(path)"))
            try replace(path, "v w\n")
            #expect(await sent(reader, after: 1) == "Authorization: Bearer abc, X-A: v w")
        }
    }

    @Test(
        "a file with nothing that can be sent is told by its name, and never by what is in it",
        arguments: [
            ("", "it is empty"), ("\n", "it is empty"), ("hunter2\nhunter2\n", "line break"),
            ("hunter2\n\n", "line break"), ("hunter2 x", "a space"), ("\u{feff}hunter2", "beyond ASCII"),
            (String(repeating: "hunter2", count: 9363), "File too large"),
        ]
    )
    func unusable(text: String, reason: String) throws {
        try withFile { path in
            var configuration = CredentialsConfiguration()
            configuration.token = .file(path)
            try replace(path, text)
            let problem = await sent(CredentialReader(configuration, Self.flags))
            #expect(problem.hasPrefix("--agent.bearer-token-file: "))
            #expect(problem.contains(path) && problem.contains(reason), "\(problem)")
            #expect(!problem.contains("hunter2"))
        }
    }

    @Test("a file of 64 KiB is read, and one with other bytes than text is not")
    func limits() throws {
        try withFile { path in
            var configuration = CredentialsConfiguration()
            configuration.token = .file(path)
            try replace(path, String(repeating: "a", count: 65_536))
            #expect(await sent(CredentialReader(configuration, Self.flags)).utf8.count == 65_536 + 22)
            try unsafe withUnsafeBytes(of: UInt32(0xFFFF_FFFF)) { bytes in
                let file = unsafe try #require(unsafe fopen(path, "w"))
                unsafe fwrite(bytes.baseAddress, 1, bytes.count, file)
                unsafe fclose(file)
            }
            #expect(await sent(CredentialReader(configuration, Self.flags)).contains("no text in UTF-8"))
        }
    }

    @Test("in a log line it is a placeholder, in both formats")
    func logged() {
        let line = LogLine(
            level: .info,
            message: "m",
            fields: [("token", LogValue(Secret("hunter2")))],
            sinceEpoch: .zero
        )
        for format in [LogFormat.logfmt, .json] {
            let text = String(decoding: line.bytes(format), as: UTF8.self)
            #expect(!text.contains("hunter2"))
            #expect(text.contains("<secret>"))
        }
    }
}

@Suite("Secrets in what others say")
struct SecretFilterTests {
    private let filter = SecretFilter([Secret("abcdefghijklmnopqrst"), Secret("hunter2"), Secret("xyz"), Secret("")])

    @Test(
        "a text is shown up to the first of them, whole or cut",
        arguments: [
            ("nothing", "nothing"), ("", ""), ("say hunter2 and more", "say <secret>"), ("hunter", "hunter"),
            ("abcdefghijklmnop", "<secret>"), ("1 abcdefghijklmnopqrst hunter2", "1 <secret>"),
            ("abcdefghijklmno", "abcdefghijklmno"), ("xyz", "xyz"), ("\u{e4}hunter2", "\u{e4}<secret>"),
        ]
    )
    func shown(text: String, expected: String) {
        #expect(filter.shown(text) == expected)
    }

    @Test("who shows the beginning of a text knows how much more to look at")
    func reach() {
        #expect(filter.reach == 16)
        #expect(SecretFilter([Secret("xyz")]).isEmpty)
        #expect(SecretFilter([]).reach == 0)
    }
}
