import AsyncHTTP

/// A peer that asks ten times a second and reads little, once a second: answers pile up on the server's side.
final class SlowReader {
    private static let receiveBuffer = ByteCount.kibibytes(4)
    private static let pause = Duration.milliseconds(100)
    private static let requestsPerRead = 10

    /// Whose, by number.
    let url: Int
    private let connection: LoadConnection
    private let request: [UInt8]
    private let end: MonotonicInstant
    private let loop: EventLoop
    private let place: Waiter
    private var isStopped = false
    /// Of the request that is being sent.
    private var sent = 0
    /// How often the server had enough.
    private(set) var timesClosed: UInt64 = 0

    init(_ target: LoadTarget, of url: Int, until end: MonotonicInstant, on loop: EventLoop) {
        self.url = url
        request = target.slowRequest
        connection = LoadConnection(target, judge: BodyJudge(.length), on: loop, receiveBuffer: Self.receiveBuffer)
        self.end = end
        self.loop = loop
        place = Waiter(on: loop)
    }

    func run() async {
        var wasOpen = false
        for round in 0... {
            guard !isStopped, .now < end else { break }
            // Not `openStream`, which would take an unread answer for the end of the connection.
            if let stream = connection.open {
                wasOpen = true
                if !proceed(stream, reads: round % Self.requestsPerRead == 0) { connection.close() }
            } else {
                if wasOpen { timesClosed &+= 1 }
                wasOpen = false
                sent = 0
                _ = try? await connection.openStream(until: .now.advanced(by: .seconds(1)))
                connection.open?.removeDeadline()
            }
            place.setDeadline(.now.advanced(by: Self.pause))
            _ = await place.suspend()
        }
        place.retire()
        connection.close()
    }

    func stop() {
        isStopped = true
        place.wake()
    }

    /// False when the connection is over.
    private func proceed(_ stream: ByteStream, reads: Bool) -> Bool {
        switch stream.send(request, [], [], skipping: sent) {
        case .failed: return false
        case .bytes(let count): sent = (sent + count) % request.count
        case .wouldBlock: break
        }
        guard reads, stream.isReadable else { return true }
        switch stream.receive() {
        case .bytes(0), .failed: return false
        case .bytes, .wouldBlock: return true
        }
    }
}
