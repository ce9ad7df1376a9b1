package import Flags
package import TLS

extension TLSClientConfiguration {
    /// - Parameters:
    ///   - prefix: what their names begin with.
    ///   - variables: what the names of their variables begin with.
    package static func flags(_ prefix: String, variables: String) -> [Flag<TLSClientConfiguration>] {
        [
            .value(
                "\(prefix)tls-ca-file",
                "\(variables)TLS_CA_FILE",
                "PATH",
                "",
                "Who signs the server's certificate, in PEM. By default whom this system believes."
            ) { $0.authorities = .file(try Values.filePath($1)) },
            .value(
                "\(prefix)tls-cert-file",
                "\(variables)TLS_CERT_FILE",
                "PATH",
                "",
                "A certificate to show the server, in PEM, together with its key."
            ) { $0.certificate = .file(try Values.filePath($1)) },
            .value("\(prefix)tls-key-file", "\(variables)TLS_KEY_FILE", "PATH", "", "The key of that certificate.") {
                $0.key = .file(try Values.filePath($1))
            },
            .value(
                "\(prefix)tls-server-name",
                "\(variables)TLS_SERVER_NAME",
                "NAME",
                "",
                "The name that the server's certificate must have, where that is not the one in the URL."
            ) { $0.serverName = try serverName($1) },
            .toggle(
                "\(prefix)tls-insecure-skip-verify",
                "\(variables)TLS_INSECURE_SKIP_VERIFY",
                "Believe any certificate. Whoever is in between can then read and change everything."
            ) { $0.skipsVerification = $1 },
        ]
    }

    /// Either both or none of the certificate and its key.
    ///
    /// - Parameter source: where a flag was given; nil when it was not.
    package static func conflicts(
        _ prefix: String,
        certificate: String = "tls-cert-file",
        key: String = "tls-key-file",
        _ source: (String) -> String?
    ) -> [UsageError] {
        let names = [prefix + certificate, prefix + key]
        let given = names.compactMap(source)
        guard given.count == 1, let missing = names.first(where: { source($0) == nil }) else { return [] }
        return [UsageError("\(given[0]) needs --\(missing): a certificate is shown together with its key")]
    }

    private static func serverName(_ text: String) throws(ValueProblem) -> String {
        guard isServerName(text) else {
            throw ValueProblem("not the name of a host, such as agent.example.com, or its address")
        }
        return text
    }
}
