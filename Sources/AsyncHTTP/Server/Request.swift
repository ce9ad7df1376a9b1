/// A request as a handler sees it: its head has been received, its body may still be on its way.
public final class Request {
    /// All that was received before the body.
    public let head: RequestHead
    /// Received as it is asked for, and gone once the handler has returned.
    public let body: RequestBody
    /// When it had been received, in the loop's ticks.
    public let received: MonotonicInstant
    /// What stands in the path where its route has names in braces.
    public internal(set) var parameters = PathParameters()

    /// Whom a middleware has recognised, or will have when it admits: it is set while the middleware is asked, and whom it does
    /// not admit no handler sees. Nil when nobody had to say who they are.
    public var caller: (any Caller)?

    /// What every middleware has admitted it for, and all that have the same bytes; nil while there is one that has not.
    var generations: [UInt64]?

    init(_ head: RequestHead, _ body: RequestBody) {
        self.head = head
        self.body = body
        received = body.connection.exchange.received
        if body.connection.context.middleware.isEmpty { generations = [] }
    }

    /// As `head.method`.
    public var method: HTTPMethod { head.method }
    /// As `head.target`.
    public var target: RequestTarget { head.target }
    /// As `head.fields`.
    public var fields: HeaderFields { head.fields }
    /// What the target asks for behind its question mark, decoded.
    public var query: QueryParameters { QueryParameters(head.target) }
    /// Who sends it, as in `127.0.0.1:50312` or `[::1]:50312`; nil for a peer without an address, as on a unix socket.
    public var peer: String? { body.connection.stream.peer }
    /// Who the peer has proven to be, by a certificate for instance; nil when it was not asked to.
    public var identity: String? { body.connection.stream.identity }
    /// By which of the server's addresses it came, as their place in the list.
    public var listener: Int { body.connection.listener }
}

/// The body of a request, received as it is asked for. Nothing is sent for `Expect: 100-continue` before that.
public struct RequestBody {
    let connection: Connection
    /// Which of the connection's requests this is: the body of an answered one is gone.
    let exchange: UInt64

    /// The next piece; nil at the end.
    public func next() async throws -> [UInt8]? {
        try await connection.nextBodyPiece(of: exchange)
    }

    /// From here on the body must not be longer than this; one that says that it is, or turns out to be, is refused with 413.
    /// The limit of the server still holds.
    public func limit(to limit: ByteCount) throws {
        try connection.limitBody(of: exchange, to: limit.bytes)
    }

    /// The whole body, of at most `limit`. A longer one is refused with 413, when the handler lets the error pass.
    ///
    /// - Parameter budget: bounds what is kept of all bodies that share it; one that wants more than its share is refused with
    ///   503. Without it a server keeps as much as it has connections, times the limit.
    public func collect(
        upTo limit: ByteCount = .mebibytes(1),
        within budget: BodyBudget? = nil
    ) async throws -> [UInt8] {
        var body: [UInt8] = []
        defer { budget?.release(body.count) }
        try self.limit(to: limit)
        while let piece = try await next() {
            if let budget, !budget.charge(piece.count, after: body.count) { throw ConnectionError.tooMuchPending }
            body += piece
        }
        return body
    }
}

/// Why an exchange with a peer has ended before its time.
public enum ConnectionError: Error, Hashable {
    /// The peer has gone, or the server has cut the connection.
    case closed
    /// One connection more than the limit; it gets 503.
    case tooManyConnections
    /// The server keeps as much for all its connections as it may.
    case tooMuchPending
    /// The head of a request did not arrive in time; the peer gets 408 if it has begun one.
    case headerTimeout
    /// The body did not arrive in time; the peer gets 408.
    case bodyTimeout
    /// The peer has not taken its answer in time, and is closed without a word.
    case writeTimeout
    /// The body is longer than the server or the handler takes; the peer gets 413.
    case bodyTooLong
    /// CONNECT asks for a tunnel; the peer gets 501.
    case noTunnels
    /// The chunks of the body break a rule; the peer gets the status that the rule names.
    case malformedBody(FramingError)
    /// The handler used a body after its request had been answered.
    case exchangeOver
}
