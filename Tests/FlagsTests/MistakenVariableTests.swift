import Testing

@testable import Flags

@Suite("Variables that are nearly a program's")
struct MistakenVariableTests {
    private static let table = ProgramTable<Bool>(
        name: "program",
        purpose: "",
        summary: "",
        version: "1",
        build: "1",
        standard: false,
        commands: [
            Subcommand(
                "run",
                "run",
                flags: [
                    .value("agent.url", "METRICS_ENDPOINT", "URL", "", "") { _, _ in },
                    .value("agent.max-age", "AGENT_MAX_AGE", "DURATION", "", "") { _, _ in },
                    .value("log.level", "LOG_LEVEL", "LEVEL", "", "") { _, _ in },
                    .value("web.address", "WEB_ADDRESS", "ADDRESS", "", "") { _, _ in }
                        .orVariable("PORT") { text throws(ValueProblem) in text },
                    .value("rest.port", "REST_PORT", "PORT", "", "") { _, _ in },
                    .value("my.service.name", "THE_NAME", "NAME", "", "") { _, _ in },
                    .value("color", "COLOR", "COLOR", "", "") { _, _ in },
                    .value("url", nil, "URL", "", "") { _, _ in },
                ]
            ) { _ in 0 }
        ],
        reference: { "" }
    )

    private func meant(_ names: [String], value: String = "x") -> [String: String] {
        let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, value) })
        let found = Self.table.mistaken(in: environment, besides: ["OLD_VARIABLE"])
        return Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.meant) })
    }

    @Test(
        "a flag in capitals, and what is two letters from a variable",
        arguments: [
            ("AGENT_URL", "METRICS_ENDPOINT"), ("METRICS_ENDPOINTS", "METRICS_ENDPOINT"), ("LOGLEVEL", "LOG_LEVEL"),
            ("LOG_LEVLE", "LOG_LEVEL"), ("log_level", "LOG_LEVEL"), ("AGENT_MAXAGE", "AGENT_MAX_AGE"),
            ("WEB_ADRESS", "WEB_ADDRESS"), ("OLD_VARIABEL", "OLD_VARIABLE"),
        ]
    )
    func near(name: String, variable: String) {
        #expect(meant([name]) == [name: variable])
        #expect(meant([name], value: "").isEmpty, "an empty variable counts as unset")
    }

    @Test("what is three letters away, ours, or near a short name is left alone")
    func far() {
        let others = [
            "METRICS_ENDPOINT", "LOG_LEVEL", "PORT", "COLOR", "OLD_VARIABLE", "PATH", "POD", "PORTS", "SORT", "COLORS",
            "COLOUR", "URL", "LOG_LEVEL_X2", "LOG_FILE", "AGENT_HOST", "", "=", "_",
        ]
        #expect(meant(others).isEmpty)
    }

    @Test("what Kubernetes sets for services is nobody's mistake, whatever they are called")
    func kubernetes() {
        let service = ["AGENT_URL", "LOG_LEVEL", "LOG_LEVL", "AGENT", "KUBERNETES"].flatMap { name in
            [
                "_SERVICE_HOST", "_SERVICE_PORT", "_SERVICE_PORT_HTTPS", "_PORT", "_PORT_80_TCP", "_PORT_80_TCP_ADDR",
            ]
            .map { name + $0 }
        }
        #expect(meant(service).isEmpty)
        // Near one of ours, or a flag in capitals, and all the same a service's.
        #expect(meant(["TEST_PORT", "MY_SERVICE_NAME"]).isEmpty)
    }

    @Test("a usual environment warns of nothing")
    func usual() {
        let names = [
            "HOME", "PATH", "HOSTNAME", "SHLVL", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "PWD", "OLDPWD", "USER",
            "LOGNAME", "TZ",
            "MAIL", "SHELL", "_", "LOG_LEVEL", "PORT", "KUBERNETES_PORT", "KUBERNETES_SERVICE_HOST", "POD_NAME",
            "POD_IP",
            "NODE_NAME", "NAMESPACE", "AGENT_ID", "AGENT_NAME", "AGENT_HOST", "WEB_HOST", "INVOCATION_ID",
            "JOURNAL_STREAM",
            "NOTIFY_SOCKET", "LISTEN_FDS", "http_proxy", "no_proxy", "SSL_CERT_FILE", "OTEL_SERVICE_NAME", "JAVA_OPTS",
        ]
        #expect(meant(names).isEmpty)
    }
}
