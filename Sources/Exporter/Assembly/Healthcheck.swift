import AsyncHTTP
import Service
import TelemetryServer

/// `healthcheck`: one GET, for images that have neither shell nor curl.
enum Healthcheck {
    static func run(_ check: HealthcheckConfiguration, _ web: WebConfiguration) -> Int32 {
        let (endpoint, target) = place(check, web)
        let credentials = CredentialReader(check.credentials, HealthcheckConfiguration.credentialFlags)
        do {
            let sent = try credentials.read()
            let status = try ask(endpoint, target, as: sent, within: check.timeout)
            let remark = status == 401 || status == 403 ? "; \(credentials.remark)" : ""
            StandardOutput.write("\(endpoint)\(target) answered \(status)\(remark)\n")
            return (200..<300).contains(status) ? 0 : 1
        } catch {
            StandardOutput.write("\(endpoint)\(target): \(error)\n")
            return 1
        }
    }

    private static func ask(
        _ endpoint: ClientEndpoint,
        _ target: String,
        as sent: Credentials,
        within time: Duration
    ) throws -> Int {
        var limits = ClientLimits()
        limits.connectTimeout = time
        limits.firstByteTimeout = time
        limits.totalTimeout = time
        let fields = try sent.added(to: HeaderFields())
        return try withEventLoops { [limits] group in
            let client = HTTPClient(endpoint, on: group.first, limits: limits)
            let response = try await client.get(target, fields: fields)
            await client.close()
            return response.status
        }
    }

    private static func place(_ check: HealthcheckConfiguration, _ web: WebConfiguration) -> (ClientEndpoint, String) {
        if let url = check.url { return (url.endpoint, url.target) }
        return (check.unix.map { .unix(path: $0) } ?? exporter(web), "/healthz")
    }

    /// Where an exporter with this configuration would be found from the same machine.
    static func exporter(_ web: WebConfiguration) -> ClientEndpoint {
        switch web.listenAddresses.first {
        case .unix(let path): .unix(path: path)
        case .host(let host, let port) where host != "0.0.0.0" && host != "::": .internet(host: host, port: port)
        case .host(_, let port), .port(let port): .internet(host: "localhost", port: port)
        case .systemd, nil: .internet(host: "localhost", port: 8000)
        }
    }
}
