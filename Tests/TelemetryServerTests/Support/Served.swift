import AsyncHTTP

/// An answer, as far as tests look at it.
struct Served: Sendable {
    let status: Int
    let fields: HeaderFields
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Asks once, on a connection and a loop of its own.
    static func get(
        _ path: String,
        port: UInt16?,
        method: HTTPMethod = .get,
        body: String = "",
        _ fields: KeyValuePairs<String, String> = [:]
    ) throws -> Served {
        var head = HeaderFields()
        for (name, value) in fields { try head.append(name, value) }
        return try withEventLoops { [head] group in
            let client = HTTPClient(.internet(host: "127.0.0.1", port: port ?? 0), on: group.first)
            let response = try await client.send(method, path, fields: head, body: Array(body.utf8))
            await client.close()
            return Served(status: response.status, fields: response.fields, body: response.body)
        }
    }
}
