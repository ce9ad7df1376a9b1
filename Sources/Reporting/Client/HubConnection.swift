import AsyncHTTP

/// The hub as it is reached over HTTP.
struct HubConnection: Sendable {
    let client: HTTPClient
    /// What stands in the request line.
    let target: String
    /// Fields that make us known, as they are now.
    let fields: @Sendable () async throws -> HeaderFields

    private static let ownFields = [
        ("Content-Type", "application/json"), ("Accept", "application/json"),
        // Without this any coding would be as good as none (RFC 9110 section 12.5.3).
        ("Accept-Encoding", "identity"),
    ]

    func deliver(_ body: [UInt8]) async throws(ReportFailure) -> ReportAnswer {
        var (fields, secrets): (HeaderFields, [String])
        do {
            fields = try await self.fields()
            secrets = fields.flatMap { [$0.value, $0.value.lastWord] }.filter { !$0.isEmpty }
            for (name, value) in Self.ownFields where !fields.contains(name) { try fields.append(name, value) }
        } catch {
            throw ReportFailure(.credentials, "\(error)")
        }
        do throws(ClientError) {
            let response = try await client.send(.post, target, fields: fields, body: body)
            return ReportAnswer(
                status: response.status,
                fields: response.fields,
                body: response.body,
                secrets: secrets
            )
        } catch {
            throw ReportFailure(error)
        }
    }
}

extension String {
    /// What stands behind the word for its kind, as in `Bearer abc`.
    fileprivate var lastWord: String { lastIndex(of: " ").map { String(self[$0...].dropFirst()) } ?? self }
}
