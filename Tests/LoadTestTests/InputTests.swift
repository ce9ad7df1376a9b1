import AsyncHTTP
import Flags
import Glibc
import Testing

@testable import LoadTestKit

@Suite("What a run sends")
struct InputTests {
    /// A file with these bytes, for as long as `body` runs.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let path = "/tmp/loadtest-input-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let raw = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(raw >= 0)
        defer { unsafe unlink(path) }
        let count = unsafe write(raw, bytes, bytes.count)
        close(raw)
        try #require(count == bytes.count)
        return try body(path)
    }

    private func request(_ bytes: [UInt8]?, _ change: (inout LoadSettings) -> Void) throws -> String {
        var settings = LoadSettings()
        settings.profile = .curl
        change(&settings)
        var inputs = LoadInputs()
        inputs.body = bytes
        let plan = LoadPlan([try ClientURL("http://a/push")], settings)
        return String(decoding: try plan.request(to: plan.urls[0], with: inputs, keepAlive: true), as: UTF8.self)
    }

    @Test(
        "a body has its length, and a type by its bytes",
        arguments: [
            ("{\"a\":1}", "application/json"), (" \n[1]", "application/json"), ("up 1\n", "text/plain; charset=utf-8"),
            ("é", "text/plain; charset=utf-8"), ("", "text/plain; charset=utf-8"),
            ("\u{0}", "text/plain; charset=utf-8"),
        ]
    )
    func body(text: String, type: String) throws {
        let request = try request(Array(text.utf8)) { $0.method = .post }
        #expect(request.hasPrefix("POST /push HTTP/1.1\r\nHost: a\r\n"))
        #expect(request.hasSuffix("\r\nContent-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"))
    }

    @Test("a body that is no text says so, and a header says it better")
    func types() throws {
        #expect(try request([0xFF]) { $0.method = .put }.contains("Content-Type: application/octet-stream\r\n"))
        let named = try request([0x7B]) { $0.fields = [RequestField("content-type", "text/x")] }
        #expect(named.contains("content-type: text/x\r\n"))
        #expect(!named.contains("application/json"))
    }

    @Test(
        "a request without a body says so where one is expected",
        arguments: [HTTPMethod.get, .head, .delete, .post, .put]
    )
    func noBody(method: HTTPMethod) throws {
        let request = try request(nil) { $0.method = method }
        #expect(request.contains("Content-Length: 0\r\n") == [.post, .put].contains(method))
        #expect(!request.contains("Content-Type"))
    }

    @Test("files are read once; a secret's is not shown")
    func files() throws {
        try withFile(Array("me:sesame\n".utf8)) { path in
            var settings = LoadSettings()
            settings.bodyPath = path
            settings.credential = Credential(.user, file: path)
            let inputs = try LoadInputs(settings)
            #expect(inputs.body == Array("me:sesame\n".utf8))
            #expect(inputs.authorization == Secret("Basic bWU6c2VzYW1l"))

            settings.credential = Credential(.token, file: "/")
            let error = #expect(throws: UsageErrors.self) { try LoadInputs(settings) }
            #expect(
                error?.errors.map(\.description).first?.hasPrefix("--token-file=\"/\": not a file of at most 65536")
                    == true
            )
        }
        try withFile(Array("sesame and more".utf8)) { path in
            var settings = LoadSettings()
            settings.credential = Credential(.token, file: path)
            let error = #expect(throws: UsageErrors.self) { try LoadInputs(settings) }
            let text = error?.errors.map(\.description).joined() ?? ""
            #expect(text.hasPrefix("--token-file=\"\(path)\": what it holds is not a token"))
            #expect(!text.contains("sesame"))
        }
    }

    @Test("a body that would fill the memory is refused, and everything that cannot be read is said at once")
    func refused() {
        var settings = LoadSettings()
        settings.bodyPath = "/dev/zero"
        settings.credential = Credential(.user, file: "/nonexistent/file")
        let error = #expect(throws: UsageErrors.self) { try LoadInputs(settings) }
        let lines = error?.errors.map(\.description) ?? []
        #expect(lines.count == 2)
        #expect(
            lines.first
                == "--body-file=\"/dev/zero\": not a file of at most 16777216 bytes that can be read (read /dev/zero: File too large)"
        )
        #expect(lines.last?.contains("No such file") == true)
    }
}
