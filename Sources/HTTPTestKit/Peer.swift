import AsyncHTTP

/// The other end of a connection in memory: sends, and reads whatever comes meanwhile, as a patient client does.
final class Peer {
    private let stream: MemoryStream
    private(set) var answer: [UInt8] = []
    private var isOver = false

    init(_ stream: MemoryStream) {
        self.stream = stream
    }

    /// Sends all of it, or as much as is taken before the other side is gone.
    func send(_ bytes: [UInt8]) async {
        var sent = 0
        while sent < bytes.count, !isOver {
            switch stream.send(bytes, [], [], skipping: sent) {
            case .bytes(let count): sent += count
            case .failed: return
            case .wouldBlock: _ = await stream.wait(for: .either)
            }
            receive()
        }
    }

    /// Reads to the end.
    func finish() async {
        while !isOver {
            receive()
            if !isOver, await stream.wait() == .woken { return }
        }
    }

    /// Takes what is there now.
    private func receive() {
        while stream.isReadable, !isOver {
            switch stream.receive() {
            case .bytes(0), .failed: isOver = true
            case .bytes(let count): answer += stream.state.withReceived(count) { $0.array(0..<count) }
            case .wouldBlock: return
            }
        }
    }
}
