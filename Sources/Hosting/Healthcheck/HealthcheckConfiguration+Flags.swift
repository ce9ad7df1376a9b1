import AsyncHTTP
package import Flags
package import Service
import TLS

extension HealthcheckConfiguration {
    package static let credentialFlags = CredentialFlags("", variables: "HEALTHCHECK_")

    package static let flags: [Flag<HealthcheckConfiguration>] =
        [
            .value(
                "url",
                nil,
                "URL",
                "",
                "What is asked. By default /healthz of the server on this machine, found by WEB_LISTEN_ADDRESS and PORT, by"
                    + " https if WEB_CONFIG_FILE says so."
            ) { $0.url = try ClientURL.flag($1, credentials: credentialFlags) },
            .value("unix", nil, "PATH", "", "The socket of a server, of which /healthz is asked.") {
                $0.unix = try socket($1)
            },
            .value("timeout", nil, "DURATION", "3s", "How long the answer may take.") {
                $0.timeout = try Values.duration($1, atLeast: .milliseconds(1))
            },
            .value("ca-file", nil, "PATH", "", "Who signs the server's certificate, in PEM.") {
                $0.tls.authorities = .file(try Values.filePath($1))
            },
            .value("cert-file", nil, "PATH", "", "A certificate to show the server, in PEM, together with its key.") {
                $0.tls.certificate = .file(try Values.filePath($1))
            },
            .value("key-file", nil, "PATH", "", "The key of that certificate.") {
                $0.tls.key = .file(try Values.filePath($1))
            },
            .toggle("insecure", nil, "Believe any certificate.") { $0.tls.skipsVerification = $1 },
        ] + credentialFlags.login.map { $0.within(\.credentials) }

    /// - Parameter source: where a flag was given; nil when it was not.
    package static func conflicts(_ source: (String) -> String?) -> [UsageError] {
        let halves = TLSClientConfiguration.conflicts("", certificate: "cert-file", key: "key-file", source)
        guard let url = source("url"), let unix = source("unix") else { return halves }
        return halves + [
            UsageError("\(url) and \(unix) exclude each other: \(url)=unix:/path:/healthz is a socket, too")
        ]
    }

    /// Checked as a URL with it would be.
    private static func socket(_ path: String) throws -> String {
        guard !path.contains(":"), case .unix(let path) = try ClientURL("unix:\(path)").endpoint else {
            throw ValueProblem("not the path of a socket")
        }
        return path
    }
}
