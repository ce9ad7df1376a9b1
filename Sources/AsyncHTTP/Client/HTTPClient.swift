/// An answer, received to its end.
public struct ClientResponse: Sendable {
    /// Status, fields and framing, as they came.
    public let head: ResponseHead
    /// The whole body, without its framing. A coding such as gzip is left as it is.
    public let body: [UInt8]

    /// The status code, 200...999: whoever asked decides which of them is a failure.
    public var status: Int { head.status }
    /// The header fields; trailers are dropped.
    public var fields: HeaderFields { head.fields }
}

/// A client of one server, made for asking it the same thing again and again: it keeps a connection for the next request.
public actor HTTPClient {
    /// The one server that it talks to.
    public nonisolated let endpoint: ClientEndpoint
    nonisolated let loop: EventLoop
    let limits: ClientLimits
    let resolver: NameResolver
    private let kept: ThreadBound<Kept>
    /// Opens a stream in place of a socket; nil where there is to be a socket.
    let opener: StreamOpener?
    /// What is put over each connection.
    let security: StreamSecurity?
    private var attempts: [UInt64: ClientAttempt] = [:]
    private var lastAttempt: UInt64 = 0

    /// Makes a client that lives on `loop`. It connects with its first request, not before.
    ///
    /// - Parameter security: encrypts, for a server that is asked by https.
    public init(
        _ endpoint: ClientEndpoint,
        on loop: EventLoop,
        limits: ClientLimits = ClientLimits(),
        security: StreamSecurity? = nil
    ) {
        self.init(endpoint, on: loop, limits: limits, security: security, opener: nil)
    }

    /// Opens a stream to the server, on the loop; nil when nobody is there.
    package typealias StreamOpener = @Sendable () -> ByteStream?

    /// - Parameter opener: what connects, where that is no socket.
    package init(
        _ endpoint: ClientEndpoint,
        on loop: EventLoop,
        limits: ClientLimits,
        security: StreamSecurity? = nil,
        opener: StreamOpener?
    ) {
        self.endpoint = endpoint
        self.security = security
        self.opener = opener
        self.loop = loop
        self.limits = limits
        resolver = NameResolver(on: loop, lifetime: limits.nameLifetime)
        kept = loop.bind(Kept())
    }

    /// The loop keeps what is registered with it: without this, one descriptor of every client that is let go. (An isolated
    /// deinit would say the same, but the compiler cannot yet optimise a module that uses an actor with one.)
    deinit {
        let kept = kept
        loop.execute { kept.value.connection?.close() }
    }

    /// The connection for the next request. It belongs to the loop, and outlives the client by its own end.
    private final class Kept {
        var connection: ClientConnection?
    }

    private var idle: ClientConnection? {
        get { kept.value.connection }
        set { kept.value.connection = newValue }
    }

    /// Pins the client to its loop: calls from tasks of that loop do not change threads.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// Sends a `GET`; as `send` without a body.
    public func get(_ target: String, fields: HeaderFields = HeaderFields()) async throws(ClientError) -> ClientResponse
    {
        try await send(.get, target, fields: fields)
    }

    /// - Parameter target: what stands in the request line, such as `/path?query`.
    public func send(
        _ method: HTTPMethod,
        _ target: String,
        fields: HeaderFields = HeaderFields(),
        body: [UInt8] = []
    ) async throws(ClientError) -> ClientResponse {
        try await attempt { attempt throws(ClientError) in
            try await follow(method, target, fields, body, attempt)
        }
    }

    /// Opens the connection that the next request will use, unless there is one: it asks for nothing, and tells whether
    /// anybody listens.
    public func connect() async throws(ClientError) {
        try await attempt { attempt throws(ClientError) in
            if idle?.settles() == true { return }
            let connection = try await connect(attempt)
            connection.stream.removeDeadline()
            idle?.close()
            idle = connection
        }
    }

    /// Closes the connection that is kept, and ends the requests under way.
    public func close() {
        for attempt in attempts.values { attempt.cancel() }
        idle?.close()
        idle = nil
    }

    /// Does something within the time of one request, and ends it when the task is cancelled.
    private func attempt<Value: Sendable>(
        _ work: (ClientAttempt) async throws(ClientError) -> Value
    ) async throws(ClientError) -> Value {
        let attempt = ClientAttempt(until: MonotonicInstant.now.advanced(by: limits.totalTimeout))
        lastAttempt &+= 1
        let number = lastAttempt
        attempts[number] = attempt
        defer { attempts[number] = nil }
        let loop = loop
        let result = await withTaskCancellationHandler {
            if Task.isCancelled { attempt.cancel() }
            do throws(ClientError) {
                return Result<Value, ClientError>.success(try await work(attempt))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.attempts[number]?.cancel() } }
        }
        return try result.get()
    }

    // MARK: Redirects and the retry

    private func follow(
        _ method: HTTPMethod,
        _ target: String,
        _ fields: HeaderFields,
        _ body: [UInt8],
        _ attempt: ClientAttempt
    ) async throws(ClientError) -> ClientResponse {
        var target = target
        for _ in 0...max(0, limits.redirects) {
            let request = try requestBytes(method, target, fields, body)
            let response = try await exchange(method, request, attempt)
            guard let location = redirectLocation(of: response, method) else { return response }
            target = try sameHostTarget(location, from: target)
        }
        throw ClientError(.redirect, "more than \(limits.redirects) in a row, the last one to \(target)")
    }

    private func requestBytes(
        _ method: HTTPMethod,
        _ target: String,
        _ fields: HeaderFields,
        _ body: [UInt8]
    ) throws(ClientError) -> [UInt8] {
        do throws(HeadWriteError) {
            let framing = body.isEmpty && !method.usuallyHasBody ? BodyFraming.none : .length(body.count)
            let host = endpoint.authority(isSecure: security != nil)
            return try RequestHeadWriter.head(method, target: target, host: host, fields: fields, framing: framing)
                + body
        } catch {
            throw ClientError(.invalidRequest, "\(error)")
        }
    }

    /// One retry, on a fresh connection, when a kept one has turned out to be dead before its first byte: the server closed
    /// it while we were writing (RFC 9112 section 9.3.1). Not for methods that must not be carried out twice.
    private func exchange(
        _ method: HTTPMethod,
        _ request: [UInt8],
        _ attempt: ClientAttempt
    ) async throws(ClientError) -> ClientResponse {
        if let kept = takeIdle() {
            do throws(ClientError) {
                return try await exchange(method, request, on: kept, attempt)
            } catch {
                guard method.isIdempotent, !kept.hasReceived, error.kind == .reset || error.kind == .closed else {
                    throw error
                }
            }
        }
        return try await exchange(method, request, on: try await connect(attempt), attempt)
    }

    private func takeIdle() -> ClientConnection? {
        guard let connection = idle else { return nil }
        idle = nil
        if connection.settles() { return connection }
        connection.close()
        return nil
    }

    private func exchange(
        _ method: HTTPMethod,
        _ request: [UInt8],
        on connection: ClientConnection,
        _ attempt: ClientAttempt
    ) async throws(ClientError) -> ClientResponse {
        connection.begin()
        var isKept = false
        defer { if !isKept { connection.close() } }
        attempt.begin("sending the request")
        try await connection.send(request, attempt)
        let reader = ResponseReader(connection, limits: limits, attempt: attempt)
        let (response, mayBeKept) = try await reader.read(answerTo: method)
        if mayBeKept, connection.settles(), idle == nil {
            isKept = true
            connection.stream.removeDeadline()
            idle = connection
        }
        return response
    }
}

extension HTTPMethod {
    /// Without a body they still say that it is empty (RFC 9110 section 8.6).
    fileprivate var usuallyHasBody: Bool {
        self == .post || self == .put || self == .patch
    }

    /// RFC 9110 section 9.2.2.
    fileprivate var isIdempotent: Bool {
        switch self {
        case .get, .head, .options, .trace, .put, .delete: true
        default: false
        }
    }
}
