import AsyncHTTP
import TLS

/// Where requests go, and the bytes of every one of them.
struct LoadTarget: Sendable {
    let addresses: [SocketAddress]
    let request: [UInt8]
    let method: HTTPMethod
    /// What slow readers send, who always keep their connections.
    let slowRequest: [UInt8]
    let keepAlive: Bool
    /// What encrypts each connection; nil for plain HTTP.
    let security: StreamSecurity?

    /// That of a URL, and who is there, which may take a question that blocks.
    init(_ url: ClientURL, _ plan: LoadPlan, _ inputs: LoadInputs, _ tls: ClientTLS) throws {
        addresses = try Self.addresses(of: plan.endpoint(of: url))
        request = try plan.request(to: url, with: inputs, keepAlive: plan.settings.keepAlive)
        slowRequest = try plan.request(to: url, with: inputs, keepAlive: true)
        method = plan.settings.method
        keepAlive = plan.settings.keepAlive
        // Whatever socket stands for the host of the URL, the certificate is that host's.
        security = url.isSecure ? tls.security(to: url.endpoint) : nil
    }

    /// Asks for the addresses of a name, which blocks.
    static func addresses(of endpoint: ClientEndpoint) throws -> [SocketAddress] {
        switch endpoint {
        case .unix(let path):
            guard let address = SocketAddress(unixPath: path) else { throw Unreachable(reason: "\(path): too long") }
            return [address]
        case .internet(let host, let port):
            if let literal = SocketAddress(literal: host, port: port) { return [literal] }
            do throws(NameResolution.Failure) {
                return try NameResolution.resolve(host, port: port)
            } catch {
                throw Unreachable(reason: "\(error.name): \(error.reason)")
            }
        }
    }

    struct Unreachable: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }
}
