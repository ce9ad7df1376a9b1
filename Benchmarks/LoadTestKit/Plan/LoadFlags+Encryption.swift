import AsyncHTTP
import Flags
import TLS

/// How https URLs are spoken to.
extension LoadFlags {
    static let encryption: [Flag<LoadSettings>] = [
        .value(
            "ca-file",
            nil,
            "PATH",
            "",
            "Who signs the servers' certificates, in PEM. By default whom this system believes."
        ) { $0.tls.authorities = .file(try Values.filePath($1)) },
        .value("cert-file", nil, "PATH", "", "A certificate to show the servers, in PEM, together with its key.") {
            $0.tls.certificate = .file(try Values.filePath($1))
        },
        .value("key-file", nil, "PATH", "", "The key of that certificate.") {
            $0.tls.key = .file(try Values.filePath($1))
        },
        .value(
            "tls-server-name",
            nil,
            "NAME",
            "",
            "The name that the servers' certificates must have, where that is not the one in the URL."
        ) { $0.tls.serverName = try serverName($1) },
        .toggle("insecure", nil, "Believe any certificate. Whoever is in between may then be the server.") {
            $0.tls.skipsVerification = $1
        },
    ]

    private static func serverName(_ text: String) throws(ValueProblem) -> String {
        guard TLSClientConfiguration.isServerName(text) else {
            throw ValueProblem("not the name of a host, such as exporter.example.com, or its address")
        }
        return text
    }
}
