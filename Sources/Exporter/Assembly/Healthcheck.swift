import AsyncHTTP
import TelemetryServer

/// `healthcheck`: one GET, for images that have neither shell nor curl.
enum Healthcheck {
    static func run(_ check: HealthcheckConfiguration, _ web: WebConfiguration) -> Int32 {
        let endpoint: ClientEndpoint
        let target: String
        if let url = check.url {
            (endpoint, target) = (url.endpoint, url.target)
        } else {
            (endpoint, target) = (exporter(web), "/healthz")
        }
        var limits = ClientLimits()
        limits.connectTimeout = check.timeout
        limits.firstByteTimeout = check.timeout
        limits.totalTimeout = check.timeout
        do {
            let status = try withEventLoops { [limits] group in
                let client = HTTPClient(endpoint, on: group.first, limits: limits)
                let response = try await client.get(target)
                await client.close()
                return response.status
            }
            StandardOutput.write("\(endpoint)\(target) answered \(status)\n")
            return (200..<300).contains(status) ? 0 : 1
        } catch {
            StandardOutput.write("\(endpoint)\(target): \(error)\n")
            return 1
        }
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
