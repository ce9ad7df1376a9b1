import AsyncHTTP
import Flags
import TLS
import Testing

@testable import LoadTestKit

@Suite("The flags of loadtest")
struct FlagTests {
    private static let url = "http://localhost:8000/metrics"
    private static let secureURL = "https://localhost:8000/metrics"

    private func plan(_ arguments: String...) throws -> LoadPlan {
        guard case .run(let plan) = try LoadInvocation.parse([Self.secureURL] + arguments) else { throw NoPlan() }
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
        let bytes = try plan.request(to: plan.urls[0], keepAlive: plan.settings.keepAlive)
        return String(decoding: bytes, as: UTF8.self).split(
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
        let shown = ["user", "token", "header"].contains(name) ? "<secret>" : "@@nonsense?"
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("--\(name)=\"\(shown)\": n") == true, "\(found)")
        #expect(found.first?.contains("\n") == false)
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ([], "there is no URL"), (["http://a/", "b"], "URL=\"b\": it begins neither with http://"),
            (["-x"], "unknown flag \"-x\""),
            ([url, "-n"], "--requests needs a value"),
            ([url, "-n0"], "--requests=\"0\": not a whole number from 1 to"),
            ([url, "--method=BREW"], "--method=\"BREW\": not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
            ([url, "--method=HEAD", "--validate=length"], "--validate=length and --method=HEAD exclude each other"),
            ([url, "--body-file="], "--body-file=\"\": not the path of a file"),
            ([url, "--user=a:b", "--token=c"], "--user and --token exclude each other"),
            ([url, "--token=c", "--token-file=d"], "--token and --token-file exclude each other"),
            ([url, "--user-file=c", "--header=authorization: d"], "--user-file and --header=Authorization exclude"),
            ([url, url, "--connections=1"], "2 URLs are more than --connections=1"),
            ([url, url, "--scrapers=1"], "2 URLs are more than --scrapers=1"),
            ([String](repeating: url, count: 65), "there are 65 URLs; 64 at most"),
            ([secureURL, "--cert-file=a"], "--cert-file needs --key-file"),
            ([secureURL, "--key-file=a"], "--key-file needs --cert-file"),
            ([secureURL, "--insecure", "--ca-file=a"], "--ca-file and --insecure exclude each other"),
            ([secureURL, "--insecure", "--tls-server-name=a"], "--tls-server-name and --insecure exclude each other"),
            ([secureURL, "--tls-server-name=a/b"], "--tls-server-name=\"a/b\": not the name of a host"),
            ([url, "--insecure"], "no URL begins with https://"),
            ([url, "--ca-file=a"], "no URL begins with https://"),
            ([url, "--rat=1"], "unknown flag --rat; did you mean --rate?"), ([url, "--rate"], "--rate needs a value"),
            ([url, "--scrapers=2", "--rate=3"], "--rate and --scrapers exclude each other"),
            ([url, "--scrapers=2", "--connections=3"], "--connections and --scrapers exclude each other"),
            ([url, "--rate=0"], "--rate=\"0\": neither max nor a number"), ([url, "--rate=+5"], "--rate=\"+5\""),
            ([url, "--duration=0s"], "--duration=\"0s\": not a duration"),
            ([url, "--header=Connection: close"], "--header=\"<secret>\": not a header that can be sent"),
            ([url, "--header=A: b\r\nC: d"], "--header=\"<secret>\""), ([url, "--unix=run/x"], "--unix=\"run/x\""),
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
            "-n",
            "7",
            "--method=put",
            "--body-file=-",
            "--token-file=/run/token",
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
            "--profile=vmagent",
            "--ca-file=/ca",
            "--cert-file=/cert",
            "--key-file=/key",
            "--tls-server-name=a.example"
        ).settings
        var expected = LoadSettings()
        expected.requests = 7
        expected.method = .put
        expected.bodyPath = "-"
        expected.credential = Credential(.token, file: "/run/token")
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
        expected.tls.authorities = .file("/ca")
        expected.tls.certificate = .file("/cert")
        expected.tls.key = .file("/key")
        expected.tls.serverName = "a.example"
        #expect(settings == expected)
    }

    @Test(
        "a number of requests is written short and long",
        arguments: [["-n", "50"], ["-n50"], ["--requests=50"], ["--requests", "50"]]
    )
    func requests(arguments: [String]) throws {
        guard case .run(let plan) = try LoadInvocation.parse([Self.url] + arguments) else { throw NoPlan() }
        #expect(plan.settings.requests == 50)
        #expect(plan.urls.count == 1)
    }

    @Test("a number of requests alone sets no time and warms nothing up; what is given holds beside it")
    func requestsAndTime() throws {
        #expect(try plan("-n5").settings.duration == nil)
        #expect(try plan("-n5").settings.warmup == .zero)
        let both = try plan("-n5", "--duration=3s", "--warmup=2s").settings
        #expect(both.duration == .seconds(3))
        #expect(both.warmup == .seconds(2))
    }

    @Test(
        "the method and what makes an answer valid follow from what is given",
        arguments: [
            ([], .get, .newline), (["--body-file=x"], .post, .status),
            (["--body-file=x", "--method=GET"], .get, .newline),
            (["--method=HEAD"], .head, .status), (["--method=delete", "--validate=parse"], .delete, .parse),
        ] as [([String], HTTPMethod, Validation)]
    )
    func implied(arguments: [String], method: HTTPMethod, validation: Validation) throws {
        guard case .run(let plan) = try LoadInvocation.parse([Self.url] + arguments) else { throw NoPlan() }
        #expect(plan.settings.method == method)
        #expect(plan.settings.validation == validation)
    }

    @Test("each of several URLs is named when it is wrong")
    func severalURLs() {
        #expect(errors(["http://a/", "ftp://b/", "c"]).count == 2)
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
