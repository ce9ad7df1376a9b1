/// What is left of a request's body. It takes bytes as they are received and gives back the payload in them.
final class BodyReader {
    private enum Framing {
        case length(left: Int)
        case chunked(ChunkedDecoder)
    }

    private var framing: Framing
    private(set) var limit: Int
    /// What the head takes, which whoever reads the body still holds.
    private let headBytes: Int
    private var payload = 0
    /// The peer holds the body back until it is told to send it (RFC 9110 section 10.1.1).
    var awaitsContinue: Bool
    /// Its deadline has been set.
    var hasBegun = false
    private(set) var isOver = false

    init(_ head: RequestHead, limits: ServerLimits) {
        switch head.framing {
        case .none: framing = .length(left: 0)
        case .length(let length): framing = .length(left: length)
        case .chunked: framing = .chunked(ChunkedDecoder(limits: limits.chunks))
        }
        limit = limits.body.bytes
        headBytes = head.fields.heldBytes
        awaitsContinue = head.expectsContinue
    }

    /// A handler takes less than the server would.
    func lower(to limit: Int) {
        self.limit = min(self.limit, limit)
    }

    /// What is kept while the body is waited for, beside what has been received and not yet used: its head, and what the
    /// decoder keeps.
    var heldBytes: Int {
        let head = hasBegun ? headBytes : 0
        return if case .chunked(let decoder) = framing { head + decoder.heldBytes } else { head }
    }

    /// The rest, if it has been announced.
    var announced: Int? {
        if case .length(let left) = framing { left } else { nil }
    }

    /// Takes the next piece from the front of what has been received; nil when there was framing only.
    func takePiece(of received: inout ReceivedBytes) throws(ConnectionError) -> [UInt8]? {
        switch framing {
        case .length(let left):
            let count = min(left, received.count)
            let piece = received.copy(0..<count)
            received.drop(count)
            framing = .length(left: left - count)
            isOver = count == left
            return piece
        case .chunked(var decoder):
            // Nobody else holds what it keeps, which would be copied with every piece.
            framing = .length(left: 0)
            let step: ChunkedDecoder.Step
            do throws(FramingError) {
                step = try received.withBytes { bytes throws(FramingError) in try decoder.decode(bytes) }
            } catch {
                throw .malformedBody(error)
            }
            framing = .chunked(decoder)
            switch step {
            case .needMore(let consumed):
                received.drop(consumed)
                return nil
            case .data(let range, let consumed):
                guard range.count <= limit - payload else { throw .bodyTooLong }
                payload += range.count
                let piece = received.copy(range)
                received.drop(consumed)
                return piece
            case .end(let consumed):
                received.drop(consumed)
                isOver = true
                return nil
            }
        }
    }
}
