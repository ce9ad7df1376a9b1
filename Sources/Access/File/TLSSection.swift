import AsyncHTTP
import TLS
import YAML

/// `tls_server_config`: how connections are encrypted.
struct TLSSection {
    private static let keys = [
        "cert", "key", "client_ca", "cert_file", "key_file", "client_auth_type", "client_ca_file",
        "client_allowed_sans", "cipher_suites", "curve_preferences", "min_version", "max_version",
        "prefer_server_cipher_suites",
    ]

    private let section: WebSection
    private let directory: String

    /// - Parameters:
    ///   - directory: that of the file, with a slash behind it, from which relative names start.
    ///   - mayServeHTTP2: whether others who read this file would serve HTTP/2, which asks for certain ciphers.
    /// - Returns: nil when nothing is to be encrypted.
    static func read(
        _ node: YAMLNode?,
        in directory: String,
        mayServeHTTP2: Bool,
        _ remarks: inout WebFileRemarks
    ) throws(WebFileProblem) -> TLSServerConfiguration? {
        guard let section = try WebSection(node, "tls_server_config", knowing: keys) else { return nil }
        let reader = TLSSection(section: section, directory: directory)
        let configuration = try reader.configuration(mayServeHTTP2: mayServeHTTP2, &remarks)
        if configuration == nil {
            remarks.add("tls_server_config names no certificate: connections are not encrypted", line: section.line)
        }
        return configuration
    }

    private func configuration(
        mayServeHTTP2: Bool,
        _ remarks: inout WebFileRemarks
    ) throws(WebFileProblem) -> TLSServerConfiguration? {
        // All of it is read, also where nothing comes of it: a mistake is one either way.
        let certificate = try source("cert", &remarks)
        let key = try source("key", &remarks)
        let authorities = try source("client_ca", &remarks)
        let authentication = try section.text("client_auth_type")
        let leastVersion: TLSVersion? = try section.choice("min_version", "TLS version")
        let greatestVersion: TLSVersion? = try section.choice("max_version", "TLS version")
        let names = try allowedNames()
        let suites = try cipherSuites()
        let curves = try curves(&remarks)
        let prefersOwnOrder = try section.boolean("prefer_server_cipher_suites") ?? true
        guard certificate != nil || key != nil || authorities != nil || !authentication.isEmpty else { return nil }
        guard let certificate else { throw problem("there is no certificate: set cert_file or cert") }
        guard let key else { throw problem("there is no key for the certificate: set key_file or key") }

        var configuration = TLSServerConfiguration(certificate: certificate, key: key)
        configuration.clientAuthorities = authorities
        configuration.clients = try clients(authentication)
        configuration.leastVersion = leastVersion ?? .tls12
        configuration.greatestVersion = greatestVersion ?? .tls13
        configuration.cipherSuites = suites
        configuration.curves = curves
        configuration.prefersOwnOrder = prefersOwnOrder
        if let names {
            guard !configuration.clients.isOptional else {
                throw problem(
                    "client_allowed_sans needs certificates to look at: set client_auth_type to RequireAndVerifyClientCert "
                        + "or RequireAnyClientCert",
                    at: "client_allowed_sans"
                )
            }
            if names.isEmpty {
                let line = section.line(of: "client_allowed_sans")
                remarks.add("client_allowed_sans is empty: nobody can connect", line: line)
            }
            configuration.allowedNames = names
        }
        try check(configuration, mayServeHTTP2: mayServeHTTP2, &remarks)
        return configuration
    }

    private func check(
        _ configuration: TLSServerConfiguration,
        mayServeHTTP2: Bool,
        _ remarks: inout WebFileRemarks
    ) throws(WebFileProblem) {
        if configuration.clientAuthorities != nil, configuration.clients == .none {
            throw problem(
                "client_ca is of no use where client_auth_type asks for no certificates: set it to RequireAndVerifyClientCert",
                at: section.contains("client_ca_file") ? "client_ca_file" : "client_ca"
            )
        }
        // A list of nothing is one, too, and has none of them.
        let namesCiphers = try section.list("cipher_suites")?.isEmpty == false
        if mayServeHTTP2, configuration.leastVersion < .tls13, namesCiphers,
            !configuration.cipherSuites.contains(.ecdheRSAWithAES128GCM),
            !configuration.cipherSuites.contains(.ecdheECDSAWithAES128GCM)
        {
            throw problem(
                "cipher_suites has none that HTTP/2 needs: add TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or "
                    + "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, or set http2: false in http_server_config",
                at: "cipher_suites"
            )
        }
        if configuration.leastVersion > configuration.greatestVersion {
            remarks.add(
                "min_version is later than max_version: nobody can connect",
                line: section.line(of: "min_version")
            )
        }
        for (source, key) in [
            (configuration.certificate, "cert_file"), (configuration.key, "key_file"),
            (configuration.clientAuthorities, "client_ca_file"),
        ] {
            if let path = source?.path { try probe(path, key) }
        }
    }

    private func problem(_ reason: String, at key: String? = nil) -> WebFileProblem {
        WebFileProblem(reason, line: key.map(section.line(of:)) ?? section.line)
    }

    // MARK: Files

    /// A file goes before what is written out.
    private func source(_ key: String, _ remarks: inout WebFileRemarks) throws(WebFileProblem) -> PEMSource? {
        let inline = try section.text(key)
        let path = try section.text("\(key)_file")
        if path.isEmpty { return inline.isEmpty ? nil : .inline(Array(inline.utf8)) }
        if !inline.isEmpty {
            remarks.add("\(key)_file is what counts; \(key) is not looked at", line: section.line(of: key))
        }
        return .file(path.hasPrefix("/") ? path : directory + path)
    }

    private func probe(_ path: String, _ key: String) throws(WebFileProblem) {
        do throws(SystemError) {
            _ = try FileContents.read(path, limit: PEMSource.longest)
        } catch {
            throw problem("\(key) cannot be read: \(error)", at: key)
        }
    }

    // MARK: Values

    private func clients(_ text: String) throws(WebFileProblem) -> ClientCertificates {
        // An older name of the same, and no name at all.
        if text == "RequireClientCert" { return .required }
        if text.isEmpty { return .none }
        return try section.choice("client_auth_type", "kind of client authentication") ?? .none
    }

    private func allowedNames() throws(WebFileProblem) -> [String]? {
        guard let nodes = try section.list("client_allowed_sans") else { return nil }
        var names: [String] = []
        for node in nodes { names.append(try WebSection.text(node, "client_allowed_sans")) }
        return names
    }

    private func cipherSuites() throws(WebFileProblem) -> [TLSCipherSuite] {
        var suites: [TLSCipherSuite] = []
        for node in try section.list("cipher_suites") ?? [] where !node.isNull {
            suites.append(try WebSection.choice(node, "cipher_suites", "cipher suite"))
        }
        return suites
    }

    /// Those that OpenSSL 3.0 does not have are left out.
    private func curves(_ remarks: inout WebFileRemarks) throws(WebFileProblem) -> [TLSCurve] {
        var curves: [TLSCurve] = []
        for node in try section.list("curve_preferences") ?? [] where !node.isNull {
            let name = try WebSection.text(node, "curve_preferences")
            if Self.newerCurves.contains(name) {
                remarks.add("the curve \(name) is not there yet, and is left out", line: node.place.line)
            } else {
                curves.append(try WebSection.choice(node, "curve_preferences", "curve"))
            }
        }
        return curves
    }

    private static let newerCurves = ["X25519MLKEM768"]
}
