import Access
package import AsyncHTTP
import Service
import TLS
package import TelemetryServer

/// `healthcheck`: one GET, for images that have neither shell nor curl.
package enum Healthcheck {
    /// - Parameter port: where such a server listens if nobody says anything else.
    package static func run(_ check: HealthcheckConfiguration, _ web: WebConfiguration, port: UInt16) -> Int32 {
        let url = place(check, web, port)
        let credentials = CredentialReader(check.credentials, HealthcheckConfiguration.credentialFlags)
        do {
            let sent = try credentials.read()
            let status = try ask(url, check, as: sent)
            let remark = status == 401 || status == 403 ? "; \(credentials.remark)" : ""
            StandardOutput.write("\(url) answered \(status)\(remark)\n")
            return (200..<300).contains(status) ? 0 : 1
        } catch {
            StandardOutput.write("\(url): \(error)\n")
            return 1
        }
    }

    private static func ask(
        _ url: ClientURL,
        _ check: HealthcheckConfiguration,
        as sent: Credentials
    ) throws -> Int {
        var limits = ClientLimits()
        limits.connectTimeout = check.timeout
        limits.firstByteTimeout = check.timeout
        limits.totalTimeout = check.timeout
        var tls = check.tls
        // Of this machine's own server only the port is known, and none of the names in its certificate.
        if check.url == nil, tls.authorities == nil { tls.skipsVerification = true }
        let security = url.isSecure ? ClientTLS(tls, remedy: "set --ca-file").security(to: url.endpoint) : nil
        let fields = try sent.added(to: HeaderFields())
        return try withEventLoops { [limits] group in
            let client = HTTPClient(url.endpoint, on: group.first, limits: limits, security: security)
            let response = try await client.get(url.target, fields: fields)
            await client.close()
            return response.status
        }
    }

    private static func place(
        _ check: HealthcheckConfiguration,
        _ web: WebConfiguration,
        _ port: UInt16
    ) -> ClientURL {
        if let url = check.url { return url }
        // With a file that is not good no server has started.
        let isSecure = (try? web.configurationFile.map(Locks.check) ?? false) ?? false
        return ClientURL(check.unix.map { .unix(path: $0) } ?? server(web, port), "/healthz", isSecure: isSecure)
    }

    /// Where a server with this configuration would be found from the same machine.
    package static func server(_ web: WebConfiguration, _ port: UInt16) -> ClientEndpoint {
        switch web.listenAddresses.first {
        case .unix(let path): .unix(path: path)
        case .host(let host, let port) where host != "0.0.0.0" && host != "::": .internet(host: host, port: port)
        case .host(_, let port), .port(let port): .internet(host: "localhost", port: port)
        case .systemd, nil: .internet(host: "localhost", port: port)
        }
    }
}
