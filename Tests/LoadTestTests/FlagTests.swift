import Flags
import Testing

@testable import LoadTestKit

@Suite("The flags of loadtest")
struct FlagTests {
    private static let url = "http://localhost:8000/metrics"

    private func plan(_ arguments: String...) throws -> LoadPlan {
        guard case .run(let plan) = try LoadInvocation.parse([Self.url] + arguments) else { throw NoPlan() }
        return plan
    }

    private struct NoPlan: Error {}

    private func errors(_ arguments: [String]) -> [String] {
        do throws(UsageErrors) {
            _ = try LoadInvocation.parse(arguments)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    private func request(_ arguments: String...) throws -> [String] {
        guard case .run(let plan) = try LoadInvocation.parse([Self.url] + arguments) else { throw NoPlan() }
        return String(decoding: try plan.request(keepAlive: plan.settings.keepAlive), as: UTF8.self).split(
            separator: "\r\n"
        ).map(String.init)
    }

    @Test("the defaults that are shown are those that apply", arguments: LoadFlags.all.map(\.name))
    func defaults(name: String) throws {
        let flag = try #require(LoadFlags.all.first { $0.name == name })
        guard !flag.standard.isEmpty, name != "gzip" else { return }
        var settings = LoadSettings()
        try flag.apply(&settings, [flag.standard])
        #expect(settings == LoadSettings())
    }

    @Test("help names every flag, once")
    func help() {
        #expect(Set(LoadFlags.all.map(\.name)).count == LoadFlags.all.count)
        for flag in LoadFlags.all {
            #expect(LoadInvocation.helpText.components(of: "  \(FlagText.usage(flag))\n") == 1, "\(flag.name)")
        }
    }

    @Test("every wrong value is one line with the flag and the value", arguments: LoadFlags.all.map(\.name))
    func badValues(name: String) {
        let found = errors([Self.url, "--\(name)=@@nonsense\n"])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("--\(name)=\"@@nonsense?\": n") == true, "\(found)")
        #expect(found.first?.contains("\n") == false)
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ([], "there is no URL"), (["http://a/", "b"], "unexpected argument \"b\""),
            (["https://a/"], "URL=\"https://a/\": https is not spoken here"),
            ([url, "--rat=1"], "unknown flag --rat; did you mean --rate?"), ([url, "--rate"], "--rate needs a value"),
            ([url, "--scrapers=2", "--rate=3"], "--rate and --scrapers exclude each other"),
            ([url, "--scrapers=2", "--connections=3"], "--connections and --scrapers exclude each other"),
            ([url, "--rate=0"], "--rate=\"0\": neither max nor a number"), ([url, "--rate=+5"], "--rate=\"+5\""),
            ([url, "--duration=0s"], "--duration=\"0s\": not a duration"),
            ([url, "--header=Connection: close"], "--header=\"Connection: close\": not a header that can be sent"),
            ([url, "--header=A: b\r\nC: d"], "--header=\"A: b??C: d\""), ([url, "--unix=run/x"], "--unix=\"run/x\""),
            ([url, "--header=Host: a b"], "URL="),
            ([url, "--threads=4", "--connections=3"], "--threads=4 are more than --connections=3"),
            ([url, "--threads=4", "--scrapers=3"], "--threads=4 are more than --scrapers=3"),
        ] as [([String], String)]
    )
    func refused(arguments: [String], message: String) {
        let found = errors(arguments)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(message) == true, "\(found)")
    }

    @Test("everything that is wrong is said at once")
    func allErrors() {
        #expect(errors(["--rate=x", "--threads=0", "--nonsense"]).count == 4)
    }

    @Test("flags arrive where they belong")
    func values() throws {
        let settings = try plan(
            "--rate=2.5",
            "--connections",
            "3",
            "--duration=1m",
            "--warmup=0s",
            "--threads=2",
            "--timeout=250ms",
            "--slow-readers=4",
            "--no-keep-alive",
            "--gzip",
            "--unix=/run/x",
            "--validate=parse",
            "--json",
            "--expect-p99=100ms",
            "--expect-errors=0",
            "--header=A: b",
            "--header=C:d",
            "--profile=vmagent"
        ).settings
        var expected = LoadSettings()
        expected.rate = RequestRate(milliPerSecond: 2500)
        expected.connections = 3
        expected.duration = .seconds(60)
        expected.warmup = .zero
        expected.threads = 2
        expected.timeout = .milliseconds(250)
        expected.slowReaders = 4
        expected.keepAlive = false
        expected.gzip = true
        expected.unixPath = "/run/x"
        expected.validation = .parse
        expected.json = true
        expected.expectedP99 = .milliseconds(100)
        expected.toleratedErrors = 0
        expected.fields = [RequestField("A", "b"), RequestField("C", "d")]
        expected.profile = .vmagent
        #expect(settings == expected)
    }

    @Test("the mode follows from the flags")
    func modes() throws {
        #expect(try plan().mode == .open)
        #expect(try plan("--rate=max").mode == .closed)
        let scrapers = try plan("--scrapers=300", "--interval=15s")
        #expect(scrapers.mode == .scrapers)
        #expect(scrapers.connections == 300)
        #expect(scrapers.settings.interval == .seconds(15))
    }

    @Test(
        "information is asked for by its flags",
        arguments: [(["--help"], LoadInvocation.help), (["-h"], .help), (["--version", "--nonsense"], .version)]
    )
    func information(arguments: [String], expected: LoadInvocation) throws {
        #expect(try LoadInvocation.parse(arguments) == expected)
    }

    @Test("a request is that of its profile", arguments: RequestProfile.allCases)
    func profiles(profile: RequestProfile) throws {
        let lines = try request("--profile=\(profile.rawValue)")
        #expect(lines[0] == "GET /metrics HTTP/1.1")
        #expect(lines[1] == "Host: localhost:8000")
        let agents = [
            RequestProfile.prometheus: "User-Agent: Prometheus/3.5.0", .vmagent: "User-Agent: vm_promscrape",
            .curl: "User-Agent: curl/8.14.1",
        ]
        #expect(lines[2] == agents[profile])
        #expect(lines.contains("Accept-Encoding: gzip") == (profile != .curl))
        #expect(try request("--profile=\(profile.rawValue)", "--gzip").contains("Accept-Encoding: gzip"))
        let plain = try request("--profile=\(profile.rawValue)", "--no-gzip")
        #expect(!plain.contains("Accept-Encoding: gzip"))
    }

    @Test("headers are added to those of the profile, or replace them")
    func headers() throws {
        let lines = try request("--header=accept: text/plain", "--header=Host: other:1", "--no-keep-alive")
        #expect(lines.filter { $0.lowercased().hasPrefix("accept:") } == ["accept: text/plain"])
        #expect(lines[1] == "Host: other:1")
        #expect(lines.contains("Connection: close"))
        #expect(lines.contains { $0.hasPrefix("X-Prometheus-Scrape-Timeout-Seconds: ") })
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
