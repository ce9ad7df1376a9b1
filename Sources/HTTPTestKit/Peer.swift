import AsyncHTTP

/// The other end of a connection: sends, and reads whatever comes meanwhile, as a patient client does.
final class Peer {
    private let stream: ByteStream
    private var answer: [UInt8] = []
    /// The server has broken off, so that the peer knows that it has not seen everything.
    private var isReset = false
    private var isOver = false
    private var isStuck = false
    private static let patience = Duration.seconds(10)

    init(_ stream: ByteStream) {
        self.stream = stream
    }

    /// Sends a request, ends in that way, and says what it has seen.
    func ask(_ request: [UInt8], _ end: HandlerTest.End) async -> HandlerTest.Transcript {
        stream.setDeadline(stream.state.now.advanced(by: Self.patience))
        await send(request)
        switch end {
        case .finishes:
            stream.finishWriting()
            await finish()
        case .waits: await finish()
        case .vanishes: stream.resetWhenClosed()
        }
        stream.close()
        var transcript = HandlerTest.Transcript()
        (transcript.answer, transcript.isReset, transcript.isStuck) = (answer, isReset, isStuck)
        return transcript
    }

    /// Sends all of it, or as much as is taken before the other side is gone.
    func send(_ bytes: [UInt8]) async {
        var sent = 0
        while sent < bytes.count, !isOver {
            switch stream.send(bytes, [], [], skipping: sent) {
            case .bytes(let count): sent += count
            case .failed: return
            case .wouldBlock: await wait(for: .either)
            }
            receive()
        }
    }

    /// Reads to the end.
    func finish() async {
        while !isOver {
            receive()
            if !isOver { await wait(for: .read) }
        }
    }

    private func wait(for wanted: ByteStream.Interest) async {
        switch await stream.wait(for: wanted) {
        case .ready: break
        case .deadline: (isOver, isStuck) = (true, true)
        case .woken: isOver = stream.isClosed
        }
    }

    /// Takes what is there now.
    private func receive() {
        while stream.isReadable, !isOver {
            switch stream.receive() {
            case .bytes(0): isOver = true
            case .failed: (isOver, isReset) = (true, true)
            case .bytes(let count): answer += stream.state.withReceived(count) { $0.array(0..<count) }
            case .wouldBlock: return
            }
        }
    }
}
