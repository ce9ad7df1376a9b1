import Testing

@testable import Access

@Suite("Web configuration files that are refused")
struct BadWebFileTests {
    private static let server = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n"

    private func expect(_ text: String, _ reason: String) throws {
        let directory = try WebDirectory()
        #expect(try directory.refusal(text) == reason)
    }

    @Test(
        "what is no such file",
        arguments: [
            ("word\n", "1: the file has to hold names and values"),
            ("- a\n", "1: the file has to hold names and values"),
            (
                "'': 1\n",
                "1: a web configuration file has no \"\", but tls_server_config, http_server_config, basic_auth_users, rate_limit, bearer_tokens, basic_auth_scopes, health_without_auth"
            ),
            ("rate_limit:\nrate_limit:\n", "2: the same name stands before it in this mapping (column 1)"),
            ("a: [\n", "2: did not find expected node content (column 1)"),
            ("rate_limit: 5\n", "1: rate_limit has to hold names and values"),
            ("http_server_config: {headers: []}\n", "1: headers has to hold names and values"),
            (
                "tls_server_config:\n  cert_filse: x\n",
                "2: tls_server_config has no \"cert_filse\", but cert, key, client_ca, cert_file, key_file, client_auth_type, client_ca_file, client_allowed_sans, cipher_suites, curve_preferences, min_version, max_version, prefer_server_cipher_suites"
            ),
        ]
    )
    func shape(_ text: String, _ reason: String) throws {
        try expect(text, reason)
    }

    @Test(
        "a certificate without its key, and the other way round",
        arguments: [
            ("tls_server_config: {key_file: server.key}\n", "1: there is no certificate: set cert_file or cert"),
            ("tls_server_config:\n  cert_file: ''\n  key: K\n", "2: there is no certificate: set cert_file or cert"),
            (
                "tls_server_config: {cert_file: server.crt}\n",
                "1: there is no key for the certificate: set key_file or key"
            ),
            ("tls_server_config: {cert: C, key: ''}\n", "1: there is no key for the certificate: set key_file or key"),
            (
                "tls_server_config: {client_auth_type: NoClientCert}\n",
                "1: there is no certificate: set cert_file or cert"
            ),
            ("tls_server_config: {client_ca: A}\n", "1: there is no certificate: set cert_file or cert"),
        ]
    )
    func pairs(_ text: String, _ reason: String) throws {
        try expect(text, reason)
    }

    @Test(
        "clients whose certificates are wanted and not asked for",
        arguments: [
            (
                "  client_ca_file: ca.crt\n",
                "4: client_ca is of no use where client_auth_type asks for no certificates: set it to RequireAndVerifyClientCert"
            ),
            (
                "  client_ca: A\n  client_auth_type: NoClientCert\n",
                "4: client_ca is of no use where client_auth_type asks for no certificates: set it to RequireAndVerifyClientCert"
            ),
            (
                "  client_allowed_sans:\n  - a\n",
                "5: client_allowed_sans needs certificates to look at: set client_auth_type to RequireAndVerifyClientCert or RequireAnyClientCert"
            ),
            (
                "  client_allowed_sans: []\n  client_auth_type: VerifyClientCertIfGiven\n",
                "4: client_allowed_sans needs certificates to look at: set client_auth_type to RequireAndVerifyClientCert or RequireAnyClientCert"
            ),
            (
                "  client_auth_type: Maybe\n",
                "4: client_auth_type: \"Maybe\" is no kind of client authentication; there are NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert"
            ),
        ]
    )
    func clients(_ text: String, _ reason: String) throws {
        try expect(Self.server + text, reason)
    }

    @Test(
        "values that there are not",
        arguments: [
            (
                "  min_version: TLS14\n",
                "4: min_version: \"TLS14\" is no TLS version; there are TLS10, TLS11, TLS12, TLS13"
            ),
            ("  max_version: ''\n", "4: max_version: \"\" is no TLS version; there are TLS10, TLS11, TLS12, TLS13"),
            (
                "  curve_preferences: [CurveP257]\n",
                "4: curve_preferences: \"CurveP257\" is no curve; there are X25519, CurveP256, CurveP384, CurveP521"
            ),
            ("  cipher_suites: TLS_AES_128_GCM_SHA256\n", "4: cipher_suites has to be a list"),
            ("  cipher_suites: [[]]\n", "4: cipher_suites has to be a single value"),
            ("  cert: [C]\n", "4: cert has to be a single value"),
            (
                "  prefer_server_cipher_suites: 'true'\n",
                "4: prefer_server_cipher_suites has to be true or false, without quotes"
            ),
            (
                "  prefer_server_cipher_suites: []\n",
                "4: prefer_server_cipher_suites has to be true or false, without quotes"
            ),
            (
                "  cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]\n  max_version: TLS12\n",
                "4: cipher_suites has none that HTTP/2 needs: add TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, or set http2: false in http_server_config"
            ),
            (
                "  cipher_suites: [~]\n",
                "4: cipher_suites has none that HTTP/2 needs: add TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, or set http2: false in http_server_config"
            ),
        ]
    )
    func values(_ text: String, _ reason: String) throws {
        try expect(Self.server + text, reason)
    }

    @Test("a cipher suite that there is not, also where nothing is encrypted")
    func cipher() throws {
        let directory = try WebDirectory()
        let reason = try directory.refusal("tls_server_config: {cipher_suites: [TLS_INVENTED]}\n")
        #expect(
            reason?.hasPrefix("1: cipher_suites: \"TLS_INVENTED\" is no cipher suite; there are TLS_ECDHE_") == true
        )
    }

    @Test(
        "files that are not there",
        arguments: [
            (
                "cert_file: none\n  key_file: server.key",
                "2: cert_file cannot be read: open none: No such file or directory"
            ),
            (
                "cert_file: server.crt\n  key_file: none",
                "3: key_file cannot be read: open none: No such file or directory"
            ),
            (
                "cert: C\n  key: K\n  client_ca_file: none\n  client_auth_type: RequireAnyClientCert",
                "4: client_ca_file cannot be read: open none: No such file or directory"
            ),
            ("cert: C\n  key_file: .", "3: key_file cannot be read: read .: Is a directory"),
        ]
    )
    func files(_ text: String, _ reason: String) throws {
        try expect("tls_server_config:\n  \(text)\n", reason)
    }

    @Test("the file itself is not there, or too long")
    func file() throws {
        let directory = try WebDirectory()
        let missing = #expect(throws: WebFileError.self) { try AccessConfiguration.read("/nowhere/web.yml") }
        #expect(
            missing?.description
                == "/nowhere/web.yml: it cannot be read: open /nowhere/web.yml: No such file or directory"
        )
        let reason = try directory.refusal("#" + String(repeating: "x", count: 1 << 20))
        #expect(reason?.hasSuffix("File too large") == true)
    }

    @Test(
        "headers that are not for the file, or not so",
        arguments: [
            ("X-Frame-Options: DENY", "2: X-Frame-Options cannot be \"DENY\", only deny or sameorigin"),
            ("X-Frame-Options: ", "2: X-Frame-Options cannot be \"\", only deny or sameorigin"),
            ("X-Content-Type-Options: sniff", "2: X-Content-Type-Options cannot be \"sniff\", only nosniff"),
            (
                "Server: x",
                "2: the header \"Server\" cannot be configured, only Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection"
            ),
            ("X-XSS-Protection: []", "2: X-XSS-Protection has to be a single value"),
            (
                "X-XSS-Protection: \"\\x01\"",
                "2: X-XSS-Protection has a character that no header may have, or is too long"
            ),
        ]
    )
    func headers(_ text: String, _ reason: String) throws {
        try expect("http_server_config: {headers: {\n\(text)}}\n", reason)
    }

    @Test(
        "rates",
        arguments: [
            ("interval: often", "1: interval has to be a duration such as 1s or 250ms"),
            ("interval: '1'", "1: interval has to be a duration such as 1s or 250ms"),
            ("interval: []", "1: interval has to be a duration such as 1s or 250ms"),
            ("burst: '1'", "1: burst has to be a whole number"), ("burst: [1]", "1: burst has to be a whole number"),
            ("bursts: 1", "1: rate_limit has no \"bursts\", but interval, burst"),
        ]
    )
    func rates(_ text: String, _ reason: String) throws {
        try expect("rate_limit: {\(text)}\n", reason)
    }

    @Test(
        "no reason repeats a secret",
        arguments: [
            "basic_auth_users: {a: s3cret}", "tls_server_config: {key: [s3cret]}",
            "bearer_tokens: [{name: a, sha256: s3cret}]", "tls_server_config: {key: s3cret",
            "tls_server_config: {key: s3cret: x}",
        ]
    )
    func secrets(_ text: String) throws {
        let directory = try WebDirectory()
        let reason = try #require(try directory.refusal(text))
        #expect(!reason.contains("s3cret"))
    }
}
