import Glibc
import Synchronization
import Testing

@testable import AsyncHTTP

/// A server that does what a test has written down, connection by connection.
struct ScriptedServer: ~Copyable {
    fileprivate let listener: Descriptor
    /// What has been received so far, by connection.
    let log: Log<String>

    var port: UInt16 { listener.localAddress()?.port ?? 0 }

    /// The next connection, once it has sent a request.
    func accept() throws -> RawSocket {
        var entry = pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, Int32(RawSocket.patience) * 1000) == 1 else {
            throw RawSocket.Failure(description: "nobody connected")
        }
        let raw = Glibc.accept(listener.raw, nil, nil)
        guard raw >= 0 else { throw RawSocket.Failure(description: "accept: errno \(errno)") }
        log.append("accepted")
        return RawSocket(owning: raw)
    }

    /// Reads a request and sends an answer.
    func answer(_ socket: RawSocket, _ text: String) throws {
        let request = try socket.readRequest()
        log.append(String(request.head.prefix { $0 != "\r\n" }) + String(decoding: request.body, as: UTF8.self))
        try socket.send(text)
    }
}

/// Runs a client on a loop against a server that follows a script, and returns what both have seen.
@discardableResult
func withClient<Result: Sendable>(
    limits: ClientLimits = ClientLimits(),
    host: String = "127.0.0.1",
    script: @escaping @Sendable (borrowing ScriptedServer) throws -> Void,
    _ body: @escaping @Sendable (HTTPClient, UInt16) async throws -> Result
) throws -> (result: Result, log: [String]) {
    guard let address = SocketAddress(literal: "127.0.0.1", port: 0) else { throw RawSocket.Failure(description: "?") }
    let listener = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 16)
    let port = listener.localAddress()?.port ?? 0
    let log = Log<String>()
    let failure = Log<any Error>()
    let socket = ListeningSocket(listener, isShared: false)
    let thread = try Thread.start {
        guard let listener = socket.take() else { return }
        do {
            try script(ScriptedServer(listener: listener, log: log))
        } catch {
            failure.append(error)
        }
    }
    let result = Swift.Result {
        try withEventLoops { group in
            let client = HTTPClient(.internet(host: host, port: port), on: group.first, limits: limits)
            let result = try await body(client, port)
            await client.close()
            return result
        }
    }
    thread.join()
    if let error = failure.entries.first { Issue.record(error, "in the script of the server") }
    return (try result.get(), log.entries)
}

/// What became of a request, in a form that can be compared: the status and the body, or the kind of the error.
enum Fetched: Equatable {
    case answer(Int, String)
    case failure(ClientError.Kind)
}

extension HTTPClient {
    func fetch(_ method: HTTPMethod = .get, _ target: String = "/", body: String = "") async -> Fetched {
        do throws(ClientError) {
            let response = try await send(method, target, body: Array(body.utf8))
            return .answer(response.status, String(decoding: response.body, as: UTF8.self))
        } catch {
            return .failure(error.kind)
        }
    }
}

extension HTTPClient {
    /// Why a request fails; nil when it does not.
    func failure(
        _ method: HTTPMethod = .get,
        _ fields: HeaderFields = HeaderFields(),
        body: [UInt8] = []
    ) async -> ClientError? {
        do throws(ClientError) {
            _ = try await send(method, "/", fields: fields, body: body)
            return nil
        } catch {
            return error
        }
    }
}

/// An answer with a body of known length.
func answer(_ body: String, _ fields: String..., status: String = "200 OK") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields.map { "\($0)\r\n" }.joined())\r\n\(body)"
}

/// The limits, with some of them changed.
func clientLimits(_ change: (inout ClientLimits) -> Void) -> ClientLimits {
    var limits = ClientLimits()
    limits.totalTimeout = .seconds(10)
    limits.firstByteTimeout = .seconds(10)
    change(&limits)
    return limits
}
