import AsyncHTTP
import Flags
import JSON
import Service
import TLS

/// The agent as it is reached over HTTP: one poll at a time, on one loop.
struct AgentSource: Source {
    private let client: HTTPClient
    private let target: String
    private let decoder: AgentDecoder
    private let fields: HeaderFields
    private let credentials: CredentialReader

    /// What stands in every request: nobody else is to set these.
    static let ownFields: [(name: String, value: String)] = [
        ("Accept", "application/json"),
        // Without this any coding would be as good as none (RFC 9110 section 12.5.3).
        ("Accept-Encoding", "identity"),
        ("User-Agent", "agent-exporter/\(BuildInfo.version)"),
    ]

    /// - Parameter renewed: told when the files of certificates have changed: nil, or what is wrong with them.
    init(
        _ configuration: SourceConfiguration,
        on loop: EventLoop,
        renewed: @escaping @Sendable (TLSError?) -> Void = { _ in }
    ) {
        var limits = ClientLimits()
        limits.connectTimeout = configuration.connectTimeout
        limits.firstByteTimeout = configuration.timeout
        limits.totalTimeout = configuration.timeout
        limits.body = configuration.maxBody
        let tls = ClientTLS(configuration.tls, remedy: "set --agent.tls-ca-file", renewed: renewed)
        let security = configuration.isSecure ? tls.security(to: configuration.endpoint) : nil
        client = HTTPClient(configuration.endpoint, on: loop, limits: limits, security: security)
        target = configuration.target
        decoder = AgentDecoder(gauges: configuration.gauges)
        var fields = HeaderFields()
        for (name, value) in Self.ownFields { try? fields.append(name, value) }
        self.fields = fields
        credentials = CredentialReader(configuration.credentials, SourceConfiguration.credentialFlags)
    }

    func poll() async throws(PollFailure) -> AgentReading {
        let sent = try await current()
        do throws(PollFailure) {
            let reading = try await ask(as: sent)
            return reading.hidden(by: sent.filter)
        } catch {
            throw error.hidden(by: sent.filter)
        }
    }

    /// By what we make ourselves known now.
    private func current() async throws(PollFailure) -> Credentials {
        do throws(CredentialProblem) {
            return try await credentials.credentials(at: .now)
        } catch {
            throw PollFailure(error)
        }
    }

    private func ask(as sent: Credentials) async throws(PollFailure) -> AgentReading {
        let response = try await response(as: sent)
        guard response.status == 200 else {
            let isRefusal = response.status == 401 || response.status == 403
            let remark = isRefusal ? "; \(credentials.remark)" : ""
            throw PollFailure(.status, "the agent answered \(response.status)\(remark)", status: response.status)
        }
        if let coding = response.fields["Content-Encoding"], coding.lowercased() != "identity" {
            // What it encodes may be JSON; what came is not.
            let shown = sent.filter.shown(coding).quotedForMessage.dropFirst().dropLast()
            throw PollFailure(.invalidJSON, "the answer is encoded (\(shown)), which nobody asked for")
        }
        do throws(JSONError) {
            return try decoder.decode(response.body)
        } catch {
            throw PollFailure(.invalidJSON, "\(error); \(beginning(of: response.body, sent.filter))")
        }
    }

    private func response(as sent: Credentials) async throws(PollFailure) -> ClientResponse {
        let fields: HeaderFields
        do throws(HeadWriteError) {
            fields = try sent.added(to: self.fields)
        } catch {
            throw PollFailure(.credentials, error.reason)
        }
        do throws(ClientError) {
            return try await client.get(target, fields: fields)
        } catch {
            throw PollFailure(error)
        }
    }

    private static let shownBytes = 80

    /// Enough to see what came instead: a page of a proxy, above all. It may tell what it was sent.
    private func beginning(of body: [UInt8], _ filter: SecretFilter) -> String {
        if body.isEmpty { return "the answer is empty" }
        let start = filter.shown(String(decoding: body.prefix(Self.shownBytes + filter.reach), as: UTF8.self))
        let shown = String(decoding: start.utf8.prefix(Self.shownBytes), as: UTF8.self).quotedForMessage
        return "the answer \(body.count > Self.shownBytes ? "begins with" : "is") \(shown)"
    }

    func isListening() async -> Bool {
        guard (try? await current()) != nil else { return false }
        do throws(ClientError) {
            try await client.connect()
            return true
        } catch {
            return false
        }
    }

    func close() async {
        await client.close()
    }
}
