import AsyncHTTP

/// Asks a server that runs on a loop, from the same loop.
struct Asking {
    let client: HTTPClient

    init(_ endpoint: ClientEndpoint, on loop: EventLoop) {
        client = HTTPClient(endpoint, on: loop)
    }

    func get(_ path: String) async throws -> (status: Int, text: String) {
        let response = try await client.get(path)
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    func post(_ path: String, _ text: String) async throws -> (status: Int, text: String) {
        let response = try await client.send(.post, path, body: Array(text.utf8))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }
}
