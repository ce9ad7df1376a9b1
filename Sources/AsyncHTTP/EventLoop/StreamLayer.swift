/// What is done to bytes on their way between a stream and its peer: encryption. It belongs to one stream, and to its loop.
package protocol StreamLayer: AnyObject {
    /// Both ends know how they speak to each other. Sending and receiving see to that before anything else.
    var isEstablished: Bool { get }

    /// It has got more from below than it has handed out.
    var holdsMore: Bool { get }

    /// Who the peer has proven to be.
    var identity: String? { get }

    /// What went wrong, in words.
    var problem: String? { get }

    /// What of the establishing can be done now; `.bytes(0)` when it is done.
    func establish(over lower: ByteStream) -> LayerStep

    /// Receives into memory as much as fits and is there; 0 is the end.
    func receive(into memory: inout MutableRawSpan, over lower: ByteStream) -> LayerStep

    /// Sends from the beginning of some bytes. What did not go the first time has to come first the next time.
    func send(_ bytes: RawSpan, over lower: ByteStream) -> LayerStep

    /// Says goodbye, as far as the peer takes it now; `.bytes(0)` when it has been said.
    func finish(over lower: ByteStream) -> LayerStep
}

/// What came of an attempt to receive or send through a layer.
package enum LayerStep {
    case bytes(Int)
    /// It cannot go on before the stream below can be read, or written.
    case needs(ByteStream.Interest)
    case failed
}

/// Puts layers over streams: what a server or a client is given to encrypt with.
public struct StreamSecurity: Sendable {
    /// Hands over a layer for a new stream on a loop, at once or later; nil when there can be none.
    package typealias Opening = @Sendable (EventLoop, _ use: @escaping Use) -> Void
    /// To be called once, on the loop.
    package typealias Use = @Sendable (Result<any StreamLayer, Problem>) -> Void

    /// Why there is no layer.
    package struct Problem: Error {
        package let reason: String

        package init(_ reason: String) {
            self.reason = reason
        }
    }

    package let open: Opening

    package init(open: @escaping Opening) {
        self.open = open
    }
}
