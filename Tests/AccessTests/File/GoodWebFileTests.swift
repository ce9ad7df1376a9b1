import AsyncHTTP
import Digests
import TLS
import Testing

@testable import Access

@Suite("Web configuration files that are taken")
struct GoodWebFileTests {
    private static let server = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n"

    private func read(_ text: String) throws -> AccessConfiguration {
        let directory = try WebDirectory()
        return try directory.read(text)
    }

    @Test(
        "where nothing is said nothing is locked",
        arguments: [
            "", "# nothing\n", "---\n", "~", "{}", "tls_server_config:\n", "tls_server_config: {}\n",
            "basic_auth_users:\n",
            "basic_auth_users: {}\n", "http_server_config:\n", "http_server_config:\n  headers:\n", "rate_limit:\n",
            "rate_limit:\n  interval: 0\n  burst: 0\n", "bearer_tokens: []\n", "bearer_tokens:\n",
            "tls_server_config:\n  cert_file: ''\n  key_file:\n  min_version: TLS10\n",
        ]
    )
    func nothing(_ text: String) throws {
        let configuration = try read(text)
        #expect(configuration.tls == nil)
        #expect(configuration.rules.isEmpty)
        #expect(configuration.rate == nil)
        #expect(configuration.headers.isEmpty)
    }

    @Test("all that a server's side of TLS can be told is told")
    func everything() throws {
        let directory = try WebDirectory()
        let tls = try #require(
            try directory.read(
                """
                tls_server_config:
                  cert_file: server.crt
                  key_file: \(directory.path)/server.key
                  client_ca_file: ca.crt
                  client_auth_type: RequireAndVerifyClientCert
                  client_allowed_sans: [one, 2]
                  min_version: TLS11
                  max_version: TLS13
                  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
                  prefer_server_cipher_suites: no
                  curve_preferences:
                    - X25519MLKEM768
                    - CurveP384
                    - X25519
                """
            ).tls
        )
        #expect(tls.certificate == .file("\(directory.path)/server.crt"))
        #expect(tls.key == .file("\(directory.path)/server.key"))
        #expect(tls.clientAuthorities == .file("\(directory.path)/ca.crt"))
        #expect(tls.clients == .requiredAndVerified)
        #expect(tls.allowedNames == ["one", "2"])
        #expect(tls.leastVersion == .tls11 && tls.greatestVersion == .tls13)
        #expect(tls.cipherSuites == [.ecdheRSAWithAES128GCM, .aes128GCM])
        #expect(!tls.prefersOwnOrder)
        #expect(tls.curves == [.p384, .x25519])
    }

    @Test("where little is said the rest is what Prometheus' own programs take")
    func usual() throws {
        let tls = try #require(
            try read(
                "tls_server_config:\n  cert: |\n    C\n  key: |\n    K\n  client_ca: |\n    A\n  client_auth_type: RequireClientCert\n"
            ).tls
        )
        #expect(tls.certificate == .inline(Array("C\n".utf8)) && tls.key == .inline(Array("K\n".utf8)))
        #expect(tls.clientAuthorities == .inline(Array("A\n".utf8)))
        #expect(tls.clients == .required)
        #expect(tls.leastVersion == .tls12 && tls.greatestVersion == .tls13)
        #expect(tls.prefersOwnOrder && tls.cipherSuites.isEmpty && tls.curves.isEmpty && tls.allowedNames == nil)
        #expect(try read(Self.server).tls?.clients == ClientCertificates.none)
    }

    @Test("every cipher suite, curve, version and kind of client authentication has its name")
    func names() throws {
        for suite in TLSCipherSuite.allCases {
            let text = Self.server + "  cipher_suites: [\(suite.rawValue)]\nhttp_server_config: {http2: false}\n"
            #expect(try read(text).tls?.cipherSuites == [suite])
        }
        for curve in TLSCurve.allCases {
            #expect(try read(Self.server + "  curve_preferences: [\(curve.rawValue)]\n").tls?.curves == [curve])
        }
        for version in TLSVersion.allCases {
            #expect(try read(Self.server + "  min_version: \(version.rawValue)\n").tls?.leastVersion == version)
            #expect(try read(Self.server + "  max_version: \(version.rawValue)\n").tls?.greatestVersion == version)
        }
        for clients in ClientCertificates.allCases {
            #expect(try read(Self.server + "  client_auth_type: \(clients.rawValue)\n").tls?.clients == clients)
        }
    }

    @Test("ciphers that HTTP/2 cannot use are taken where nobody would serve it")
    func ciphers() throws {
        let suites = Self.server + "  cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]\n"
        #expect(try read(suites + "http_server_config: {http2: false}\n").tls?.cipherSuites == [.rsaWithAES128CBC])
        #expect(try read(suites + "http_server_config:\n").tls != nil)
        #expect(try read(suites + "  min_version: TLS13\n").tls != nil)
    }

    @Test("headers are added, blank ones are not, and what was folded is one line")
    func headers() throws {
        let headers = try read(
            """
            http_server_config:
              headers:
                X-Frame-Options: sameorigin
                X-Content-Type-Options: nosniff
                X-XSS-Protection: 1
                Strict-Transport-Security: ''
                Content-Security-Policy: |
                  default-src 'self';
                  img-src *
            """
        ).headers
        #expect(
            headers.map { "\($0.name): \($0.value)" } == [
                "X-Frame-Options: sameorigin", "X-Content-Type-Options: nosniff", "X-XSS-Protection: 1",
                "Content-Security-Policy: default-src 'self'; img-src *",
            ]
        )
    }

    @Test(
        "a rate is a duration in Go's words, or nanoseconds, and a burst",
        arguments: [
            ("interval: 1s, burst: 5", RequestRate(interval: 1_000_000_000, burst: 5)),
            ("interval: '1m', burst: 0", RequestRate(interval: 60_000_000_000, burst: 0)),
            ("interval: 100, burst: 1.9", RequestRate(interval: 100, burst: 1)),
            ("interval: 1s", RequestRate(interval: 1_000_000_000, burst: 0)),
            ("interval: -1s, burst: -1", RequestRate(interval: -1_000_000_000, burst: -1)), ("burst: 3", nil),
            ("interval: ~, burst: ~", nil),
        ]
    )
    func rates(_ text: String, _ rate: RequestRate?) throws {
        #expect(try read("rate_limit: {\(text)}\n").rate == rate)
    }

    @Test("users and tokens have scopes, and may read where nothing else is said")
    func access() throws {
        let rules = try read(
            """
            basic_auth_users:
              alice: \(Known.hash)
              bob: \(Known.hash)
            basic_auth_scopes:
              bob: [write, admin]
            bearer_tokens:
              - {name: scraper, sha256: \(Known.digest)}
              - name: worker
                sha256: '\(String(repeating: "AB", count: 32))'
                scopes: [write]
                components: ["eu-*", 7]
            health_without_auth: yes
            """
        ).rules
        #expect(rules.users.map(\.name) == ["alice", "bob"])
        #expect(rules.users.map(\.scopes) == [[.read], [.write, .admin]])
        #expect(rules.tokens.map(\.name) == ["scraper", "worker"])
        #expect(rules.tokens.map(\.scopes) == [[.read], [.write]])
        #expect(rules.tokens[0].components == nil)
        #expect(rules.tokens[1].components == [Glob("eu-*"), Glob("7")])
        #expect(rules.tokens[0].digest.hexadecimal == Known.digest)
        #expect(rules.opensHealth)
    }

    @Test(
        "what is taken and yet not meant is told, with its line",
        arguments: [
            ("http_server_config:\n  http2: true\n", "2: http2 is taken, and HTTP/1.1 is what is served"),
            (
                server + "  curve_preferences:\n  - X25519MLKEM768\n",
                "5: the curve X25519MLKEM768 is not there yet, and is left out"
            ),
            (
                "tls_server_config:\n  min_version: TLS12\n",
                "2: tls_server_config names no certificate: connections are not encrypted"
            ),
            (
                server + "  min_version: TLS13\n  max_version: TLS12\n",
                "4: min_version is later than max_version: nobody can connect"
            ),
            (server + "  key: K\n", "4: key_file is what counts; key is not looked at"),
            (
                server + "  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: []\n",
                "5: client_allowed_sans is empty: nobody can connect"
            ),
            ("basic_auth_users:\n  'a:b': \(Known.hash)\n", "2: nobody can log in as \"a:b\": the name has a colon"),
            (
                "health_without_auth: true\n",
                "1: health_without_auth changes nothing: there are neither basic_auth_users nor bearer_tokens"
            ),
            ("rate_limit:\n---\nbasic_auth_users:\n", "2: only the first document is read; what begins here is not"),
            ("---\n---\n", "2: only the first document is read; what begins here is not"),
        ]
    )
    func remarks(_ text: String, _ remark: String) throws {
        let remarks = try read(text).remarks
        #expect(remarks.map { "\($0.line): \($0.text)" } == [remark])
        #expect(remarks.first?.description.hasSuffix("/web.yml:\(remark)") == true)
    }

    @Test("of names that are allowed none lets nobody in, rather than all")
    func noNames() throws {
        let text = Self.server + "  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: []\n"
        #expect(try read(text).tls?.allowedNames == [])
    }

    @Test("most files have nothing to be told of")
    func silence() throws {
        #expect(
            try read(Self.server + "http_server_config: {http2: no}\nbasic_auth_users: {a: \(Known.hash)}\n").remarks
                .isEmpty
        )
    }

    @Test("a file in the working directory names files beside it")
    func relative() throws {
        let error = #expect(throws: WebFileError.self) {
            try AccessConfiguration.read(Array(Self.server.utf8), of: "web.yml")
        }
        #expect(error?.description == "web.yml:2: cert_file cannot be read: open server.crt: No such file or directory")
    }
}
