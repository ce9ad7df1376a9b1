import AsyncHTTP
import Flags
import JSON
import Service

/// The agent as it is reached over HTTP: one poll at a time, on one loop.
struct AgentSource: Source {
    private let client: HTTPClient
    private let target: String
    private let decoder: AgentDecoder
    private let fields: HeaderFields

    init(_ configuration: SourceConfiguration, on loop: EventLoop) {
        var limits = ClientLimits()
        limits.connectTimeout = configuration.connectTimeout
        limits.firstByteTimeout = configuration.timeout
        limits.totalTimeout = configuration.timeout
        limits.body = configuration.maxBody
        client = HTTPClient(configuration.endpoint, on: loop, limits: limits)
        target = configuration.target
        decoder = AgentDecoder(gauges: configuration.gauges)
        var fields = HeaderFields()
        try? fields.append("Accept", "application/json")
        // Without this any coding would be as good as none (RFC 9110 section 12.5.3).
        try? fields.append("Accept-Encoding", "identity")
        try? fields.append("User-Agent", "agent-exporter/\(BuildInfo.version)")
        self.fields = fields
    }

    func poll() async throws(PollFailure) -> AgentReading {
        let response: ClientResponse
        do throws(ClientError) {
            response = try await client.get(target, fields: fields)
        } catch {
            throw PollFailure(error)
        }
        guard response.status == 200 else {
            throw PollFailure(.status, "the agent answered \(response.status)", status: response.status)
        }
        if let coding = response.fields["Content-Encoding"], coding.lowercased() != "identity" {
            // What it encodes may be JSON; what came is not.
            let shown = coding.quotedForMessage.dropFirst().dropLast()
            throw PollFailure(.invalidJSON, "the answer is encoded (\(shown)), which nobody asked for")
        }
        do throws(JSONError) {
            return try decoder.decode(response.body)
        } catch {
            throw PollFailure(.invalidJSON, "\(error); \(Self.beginning(of: response.body))")
        }
    }

    private static let shownBytes = 80

    /// Enough to see what came instead: a page of a proxy, above all.
    private static func beginning(of body: [UInt8]) -> String {
        if body.isEmpty { return "the answer is empty" }
        let shown = String(decoding: body.prefix(shownBytes), as: UTF8.self).quotedForMessage
        return "the answer \(body.count > shownBytes ? "begins with" : "is") \(shown)"
    }

    func isListening() async -> Bool {
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
