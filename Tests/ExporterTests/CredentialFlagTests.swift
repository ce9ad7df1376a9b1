import Flags
import Service
import TLS
import Testing

@testable import Exporter

@Suite("Flags of credentials")
struct CredentialFlagTests {
    private static let word = "hunter2-Xyzzy"

    private func parse(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Configuration {
        try CommandLineParser.parse(ExporterProgram.table, arguments, environment: environment).configuration
    }

    private func errors(_ arguments: [String], _ environment: [String: String] = [:]) -> [String] {
        do throws(UsageErrors) {
            _ = try CommandLineParser.parse(ExporterProgram.table, arguments, environment: environment)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test(
        "what cannot be said together is an error that names both",
        arguments: [
            (
                ["--agent.basic-auth-user=u", "--agent.basic-auth-password=p", "--agent.bearer-token=t"], [:],
                ["--agent.basic-auth-user", "--agent.bearer-token"]
            ),
            (
                ["--agent.basic-auth-user=u", "--agent.basic-auth-password=p"], ["AGENT_BEARER_TOKEN_FILE": "/t"],
                ["--agent.basic-auth-user", "AGENT_BEARER_TOKEN_FILE"]
            ),
            (
                ["--agent.bearer-token=t", "--agent.bearer-token-file=/t"], [:],
                ["--agent.bearer-token", "--agent.bearer-token-file"]
            ),
            (
                ["--agent.basic-auth-user=u", "--agent.basic-auth-password-file=/p"],
                ["AGENT_BASIC_AUTH_PASSWORD": "p"],
                ["AGENT_BASIC_AUTH_PASSWORD", "--agent.basic-auth-password-file"]
            ),
            (["--agent.basic-auth-password=p"], [:], ["--agent.basic-auth-password", "--agent.basic-auth-user"]),
            (["--agent.basic-auth-user=p"], [:], ["--agent.basic-auth-user", "--agent.basic-auth-password-file"]),
            (
                ["--agent.bearer-token=t", "--agent.header=authorization=x"], [:],
                ["--agent.bearer-token", "--agent.header", "Authorization"]
            ),
            (
                ["--agent.basic-auth-user=u", "--agent.basic-auth-password=p"],
                ["AGENT_HEADER_FILES": "Authorization=/x"],
                ["--agent.basic-auth-user", "AGENT_HEADER_FILES"]
            ),
            (["--agent.header=X-A=1", "--agent.header-file=x-a=/p"], [:], ["--agent.header", "--agent.header-file"]),
            (["--agent.header=X-A=1", "--agent.header=x-a=2"], [:], ["--agent.header and --agent.header set"]),
            (["--agent.tls-cert-file=/c"], [:], ["--agent.tls-cert-file", "--agent.tls-key-file"]),
            ([], ["AGENT_TLS_KEY_FILE": "/k"], ["AGENT_TLS_KEY_FILE", "--agent.tls-cert-file"]),
            (["healthcheck", "--url=http://h/", "--unix=/s"], [:], ["--url", "--unix"]),
            (
                ["healthcheck", "--bearer-token=t"], ["HEALTHCHECK_BASIC_AUTH_USER": "u"],
                ["--bearer-token", "HEALTHCHECK_BASIC_AUTH_USER"]
            ),
        ] as [([String], [String: String], [String])]
    )
    func conflicts(arguments: [String], environment: [String: String], named: [String]) {
        let found = errors(arguments, environment)
        #expect(found.contains { error in named.allSatisfy { error.contains($0) } }, "\(found)")
    }

    @Test(
        "what belongs together is taken",
        arguments: [
            ["--agent.basic-auth-user=u", "--agent.basic-auth-password= p:\u{fc}"],
            ["--agent.basic-auth-user=u", "--agent.basic-auth-password-file=/p", "--agent.header=X-A=b c"],
            ["--agent.bearer-token=a.b-c_d~e+f/g="], ["--agent.header=Authorization=ApiKey x", "--agent.header=X=y=z"],
            ["--agent.header-file=X-A=/a", "--agent.header-file=X-B=/a"],
            ["--agent.tls-cert-file=/c", "--agent.tls-key-file=/k", "--agent.tls-server-name=::1"],
            ["healthcheck", "--unix=/run/a.sock", "--bearer-token-file=/t"],
        ]
    )
    func accepted(arguments: [String]) {
        #expect(errors(arguments) == [])
    }

    @Test(
        "what cannot be sent is refused without being shown",
        arguments: [
            ("bearer-token", "\(word) x", "a space"), ("bearer-token", "\(word)\u{e9}", "beyond ASCII"),
            ("bearer-token", "\(word)\n", "line break"), ("bearer-token", "", "empty"),
            ("bearer-token", "\(word)\r\nX: y", "line break"), ("basic-auth-password", "\(word)\n", "line break"),
            ("basic-auth-password", "\(word)\u{0}", "control character"), ("basic-auth-password", "", "empty"),
            ("header", "X-A=\(word)\r\nY: z", "line break"), ("header", "X-A= \(word)", "begins or ends with a space"),
            ("header", "X-A=\(word) ", "begins or ends with a space"), ("header", "X-A=\(word)\u{e9}", "beyond ASCII"),
            ("header", "X-A=", "empty"), ("header", word, "NAME=VALUE"), ("header", "=\(word)", "no name"),
            ("header", "\(word) x=y", "no name"), ("header", "\(word):=y", "no name"),
        ]
    )
    func values(name: String, text: String, reason: String) {
        let found = errors(["--agent.basic-auth-user=u", "--agent.\(name)=\(text)"])
        #expect(found.contains { $0.hasPrefix("--agent.\(name)=\"<secret>\": ") && $0.contains(reason) }, "\(found)")
        for error in found { #expect(!error.contains(Self.word)) }
    }

    @Test(
        "fields that HTTP or the exporter sets are refused, and it is said which",
        arguments: [
            "Host", "content-length", "Transfer-Encoding", "CONNECTION", "Keep-Alive", "Proxy-Connection", "TE",
            "Trailer", "Upgrade", "Expect", "Accept", "accept-encoding", "User-Agent",
        ]
    )
    func reserved(name: String) {
        for argument in ["--agent.header=\(name)=\(Self.word)", "--agent.header-file=\(name)=/x"] {
            let found = errors([argument])
            #expect(found.count == 1)
            #expect(found.first?.lowercased().contains(name.lowercased()) == true)
            #expect(found.first?.contains(Self.word) == false)
        }
    }

    @Test("a user and a password in a URL are refused without being shown, and the flags for them are named")
    func userInformation() {
        for (arguments, flags) in [
            (["--agent.url=http://u:\(Self.word)@h/"], "--agent.basic-auth-user and --agent.basic-auth-password-file"),
            (["healthcheck", "--url=http://u:\(Self.word)@h/"], "--basic-auth-user and --basic-auth-password-file"),
        ] {
            let found = errors(arguments)
            #expect(found.count == 1)
            #expect(found.first?.contains("http://…@h/") == true)
            #expect(found.first?.contains(flags) == true)
        }
    }

    @Test("variables say the same")
    func variables() throws {
        let configuration = try parse(
            [],
            [
                "AGENT_BASIC_AUTH_USER": "u", "AGENT_BASIC_AUTH_PASSWORD": "p", "AGENT_HEADERS": "X-A=1\nX-B=2",
                "AGENT_HEADER_FILES": "X-C=/c\n", "AGENT_TLS_CA_FILE": "/ca", "AGENT_TLS_INSECURE_SKIP_VERIFY": "yes",
            ]
        ).source
        #expect(configuration.credentials.user == "u")
        #expect(configuration.credentials.password == .value(Secret("p")))
        #expect(configuration.credentials.fields.map(\.name) == ["X-A", "X-B"])
        #expect(configuration.credentials.fields.map(\.source) == [.value(Secret("1")), .value(Secret("2"))])
        #expect(configuration.credentials.fieldFiles.map(\.source) == [.file("/c")])
        #expect(configuration.tls.authorities == .file("/ca"))
        #expect(configuration.tls.skipsVerification)
    }

    @Test(
        "what is no name of a server is refused",
        arguments: ["", "a b", "a/b", "\u{e4}.de", String(repeating: "a", count: 254)]
    )
    func serverNames(name: String) {
        #expect(errors(["--agent.tls-server-name=\(name)"]).count == 1)
    }
}
