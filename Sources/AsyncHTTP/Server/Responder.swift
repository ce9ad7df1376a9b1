/// The one chance to answer a request: it is used up by answering, and a handler has to return the proof that it did.
///
/// It stays where the connection lives. A handler that wants to work elsewhere takes there what it needs, and answers here.
public struct Responder: ~Copyable {
    let connection: Connection
    let request: Request

    /// Answers with a response made for this request. Throws when a field of it is not valid, or the peer has gone.
    public consuming func send(_ response: Response) async throws -> Answer {
        try await send(response.prepared())
    }

    /// Answers with bytes that exist already, and waits until the kernel has taken them all.
    public consuming func send(_ response: PreparedResponse) async throws -> Answer {
        let connection = connection
        if try !connection.sendAtOnce(response) { try await connection.finishAnswer() }
        return Answer(status: response.status)
    }

    /// As `send`, with what `standing` says now: it is counted on to answer the same request when it comes again.
    consuming func send(_ response: PreparedResponse, standing: any StandingAnswer) async throws -> Answer {
        let (connection, request) = (connection, request)
        if try !connection.sendAtOnce(response) { try await connection.finishAnswer() }
        connection.tell(standing, of: response.status)
        connection.remember(request.head, admittedFor: request.generations, standing, now: response)
        return Answer(status: response.status)
    }

    /// Answers with a body whose length is not known in advance: chunked, or for HTTP/1.0 up to the connection's end.
    ///
    /// An error thrown by `body` cuts the connection, which is how the peer knows that it has not seen everything.
    public consuming func stream(
        _ status: HTTPStatus = .ok,
        _ fields: HeaderFields = HeaderFields(),
        _ body: (borrowing BodyWriter) async throws -> Void
    ) async throws -> Answer {
        let connection = connection
        guard try await connection.beginStream(status, fields) else { return Answer(status: status) }
        let writer = BodyWriter(connection: connection)
        try await body(writer)
        try await connection.endStream()
        return Answer(status: status)
    }
}

/// Writes the pieces of a streamed body, each as it comes. A peer that does not read holds the writer up, not the memory.
public struct BodyWriter: ~Copyable {
    let connection: Connection

    /// Sends a piece, and waits until the kernel has taken it. An empty piece sends nothing.
    public func write(_ bytes: [UInt8]) async throws {
        try await connection.writePiece(bytes)
    }
}

/// The proof that a request has been answered, and how.
public struct Answer: Sendable {
    /// What was sent, for whoever logs or counts it.
    public let status: HTTPStatus

    init(status: HTTPStatus) {
        self.status = status
    }
}
