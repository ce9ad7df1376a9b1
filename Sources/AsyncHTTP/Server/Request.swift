/// A request as a handler sees it: its head has been received, its body may still be on its way.
public final class Request {
    public let head: RequestHead
    public let body: RequestBody

    init(_ head: RequestHead, _ body: RequestBody) {
        self.head = head
        self.body = body
    }

    public var method: HTTPMethod { head.method }
    public var target: RequestTarget { head.target }
    public var fields: HeaderFields { head.fields }
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

    /// The whole body, of at most `limit`. A longer one is refused with 413, when the handler lets the error pass.
    public func collect(upTo limit: ByteCount = .mebibytes(1)) async throws -> [UInt8] {
        var body: [UInt8] = []
        while let piece = try await next() {
            guard piece.count <= limit.bytes - body.count else { throw ConnectionError.bodyTooLong }
            body += piece
        }
        return body
    }
}

/// Why an exchange with a peer has ended before its time.
public enum ConnectionError: Error, Hashable {
    /// The peer has gone, or the server has cut the connection.
    case closed
    case tooManyConnections
    /// The server keeps as much for all its connections as it may.
    case tooMuchPending
    case headerTimeout
    case bodyTimeout
    case writeTimeout
    case bodyTooLong
    case malformedBody(FramingError)
    /// The handler used a body after its request had been answered.
    case exchangeOver
}
