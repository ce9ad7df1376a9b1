import Testing

@testable import AsyncHTTP

@Suite("Streams with a layer")
struct LayeredStreamTests {
    /// A layer that is established when one byte has come, and then changes nothing. It hands out two bytes at a time, and has
    /// read all that there is.
    private final class Eager: StreamLayer {
        private(set) var isEstablished = false
        private var held: [UInt8] = []
        let identity: String? = "a peer"
        private(set) var problem: String?
        private(set) var goodbyes = 0

        var holdsMore: Bool { isEstablished && !held.isEmpty }

        func establish(over lower: ByteStream) -> LayerStep {
            if isEstablished { return .bytes(0) }
            if let failure = fill(from: lower) { return failure }
            guard held.removeFirst() != 0 else {
                problem = "it begins with 0"
                return .failed
            }
            isEstablished = true
            return .bytes(0)
        }

        func receive(into memory: inout MutableRawSpan, over lower: ByteStream) -> LayerStep {
            if case .needs(let need) = establish(over: lower) { return .needs(need) }
            if problem != nil { return .failed }
            if held.isEmpty, let failure = fill(from: lower) { return failure }
            let piece = held.prefix(2)
            held.removeFirst(piece.count)
            unsafe memory.withUnsafeMutableBytes { unsafe $0.copyBytes(from: piece) }
            return .bytes(piece.count)
        }

        func send(_ bytes: RawSpan, over lower: ByteStream) -> LayerStep {
            if case .needs(let need) = establish(over: lower) { return .needs(need) }
            if case .bytes(let count) = lower.send(bytes) { return .bytes(count) }
            return .needs(.write)
        }

        func finish(over lower: ByteStream) -> LayerStep {
            goodbyes += 1
            return .bytes(0)
        }

        /// Nil when something has come.
        private func fill(from lower: ByteStream) -> LayerStep? {
            var bytes = [UInt8](repeating: 0, count: 100)
            let transfer = unsafe bytes.withUnsafeMutableBytes { bytes in
                var memory = unsafe MutableRawSpan(_unsafeBytes: bytes)
                return lower.receive(into: &memory)
            }
            guard case .bytes(let count) = transfer, count > 0 else { return .needs(.read) }
            held += bytes.prefix(count)
            return nil
        }
    }

    /// Both ends and what is over one of them.
    private final class Ends {
        let far: MemoryStream
        let near: LayeredStream
        private let made: ThreadBound<Eager>
        var layer: Eager { made.value }

        init(on loop: EventLoop, queue: EstablishingQueue? = nil) {
            let (lower, far) = MemoryStream.pair(on: loop)
            self.far = far
            let made = loop.bind(Eager())
            self.made = made
            let security = StreamSecurity { _, use in use(.success(made.value)) }
            near = LayeredStream(security, over: lower, on: loop, queue: queue)
            near.setDeadline(.now.advanced(by: .seconds(RawSocket.patience)))
        }

        deinit {
            // Until then a stream and the one below hold each other.
            near.close()
        }

        func say(_ bytes: [UInt8]) {
            _ = far.send(bytes, [], [], skipping: 0)
        }
    }

    private func withEnds(_ body: @escaping @Sendable (Ends) async throws -> Void) throws {
        try withEventLoops { group in try await body(Ends(on: group.first)) }
    }

    @Test("what a layer holds can be received although nothing is below any more")
    func held() throws {
        try withEnds { ends in
            ends.say([1, 10, 11, 12, 13])
            var received: [UInt8] = []
            while received.count < 4 {
                #expect(await ends.near.wait() == .ready)
                guard case .bytes(let count) = ends.near.receive() else { continue }
                received += ends.near.state.withReceived(count) { $0.array(0..<count) }
            }
            #expect(received == [10, 11, 12, 13])
            #expect(!ends.near.isReadable)
            #expect(ends.near.identity == "a peer")
        }
    }

    @Test("who wants to send is woken when the layer has read what it needs")
    func sending() throws {
        try withEnds { ends in
            #expect(ends.near.send([1], [2], [3], skipping: 0) == .wouldBlock)
            #expect(!ends.near.isWritable)
            ends.say([1, 9])
            #expect(await ends.near.wait(for: .write) == .ready)
            #expect(ends.near.send([1], [2], [3], skipping: 1) == .bytes(2))
            #expect(ends.far.receive() == .bytes(2))
            #expect(ends.near.isReadable)
        }
    }

    @Test("what fails says why")
    func failure() throws {
        try withEnds { ends in
            ends.say([0])
            do throws(StreamFailure) {
                try await ends.near.establishAll()
                Issue.record("it is established")
            } catch {
                guard case .refused("it begins with 0") = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test("without a layer there is a reason, too")
    func noLayer() throws {
        try withEventLoops { group in
            let (lower, _) = MemoryStream.pair(on: group.first)
            let none = StreamSecurity { _, use in use(.failure(StreamSecurity.Problem("none is left"))) }
            let stream = LayeredStream(none, over: lower, on: group.first)
            defer { stream.close() }
            #expect(stream.establish() == .closed)
            #expect(stream.problem == "none is left")
            #expect(stream.receive() == .reset && stream.send([1], [], [], skipping: 0) == .reset)
        }
    }

    @Test("goodbye is said once it is established, and not by who breaks off")
    func goodbye() throws {
        try withEnds { ends in
            ends.near.finishWriting()
            #expect(ends.layer.goodbyes == 0)
        }
        try withEnds { ends in
            ends.say([1])
            try await ends.near.establishAll()
            ends.near.close()
            #expect(ends.layer.goodbyes == 1)
        }
        try withEnds { ends in
            ends.say([1])
            try await ends.near.establishAll()
            ends.near.resetWhenClosed()
            ends.near.close()
            #expect(ends.layer.goodbyes == 0)
            #expect(ends.far.receive() == .reset)
        }
    }

    // MARK: Crowds

    /// What a queue has said.
    private final class Account {
        var (established, failed, evicted) = (0, 0, 0)
    }

    private static func queue(on loop: EventLoop, turns: Int = 2, capacity: Int = 3) -> (EstablishingQueue, Account) {
        let account = Account()
        let queue = EstablishingQueue(
            on: loop,
            turnsPerTick: turns,
            capacity: capacity,
            ended: { if $0 { account.established += 1 } else { account.failed += 1 } },
            evicted: { account.evicted += 1 }
        )
        return (queue, account)
    }

    @Test("few of a crowd go on in one tick, and all in the end")
    func turns() throws {
        try withEventLoops { group in
            let (queue, account) = Self.queue(on: group.first, turns: 2, capacity: 100)
            let crowd = (0..<7).map { _ in Ends(on: group.first, queue: queue) }
            for ends in crowd { ends.say([1, 5]) }
            let early = crowd.count { $0.near.isReadable }
            #expect(early == 0)
            var ready: [Int] = []
            while ready.last != 7, ready.count < 10 {
                await crowd[0].near.pause()
                ready.append(crowd.count { $0.near.isReadable })
            }
            let steps = zip(ready, ready.dropFirst()).map { $1 - $0 }
            #expect(steps.allSatisfy { $0 <= 2 } && ready.last == 7, "\(ready)")
            #expect(queue.count == 7)
            for ends in crowd { _ = ends.near.receive() }
            #expect(queue.count == 0 && account.established == 7 && account.evicted == 0)
        }
    }

    @Test("one too many ends the one that has taken longest; who has said nothing counts for nothing")
    func eviction() throws {
        try withEventLoops { group in
            let (queue, account) = Self.queue(on: group.first)
            let silent = Ends(on: group.first, queue: queue)
            let crowd = (0..<4).map { _ in Ends(on: group.first, queue: queue) }
            for ends in crowd {
                ends.say([1])
                while !ends.near.isReadable { await ends.near.pause() }
            }
            #expect(queue.count == 3 && account.evicted == 1 && account.failed == 1)
            let closed = crowd.map { $0.near.isClosed }
            #expect(closed == [true, false, false, false])
            #expect(!silent.near.isClosed)
            crowd[1].near.close()
            #expect(queue.count == 2 && account.failed == 2)
        }
    }

    @Test("a server's peer that is refused is given time to read why")
    func parting() throws {
        try withEventLoops { group in
            let (queue, account) = Self.queue(on: group.first)
            let ends = Ends(on: group.first, queue: queue)
            ends.say([0, 1, 2])
            #expect(await ends.near.wait() == .ready)
            #expect(ends.near.receive() == .wouldBlock)
            #expect(account.failed == 1 && queue.count == 0)
            ends.say([3])
            #expect(ends.near.receive() == .wouldBlock)
            ends.far.finishWriting()
            #expect(await ends.near.wait() == .ready)
            #expect(ends.near.receive() == .reset)
        }
    }

    @Test("such a peer that goes on for ever is not listened to for ever, and not all at once")
    func endlessParting() throws {
        try withEventLoops { group in
            let (queue, _) = Self.queue(on: group.first)
            let ends = Ends(on: group.first, queue: queue)
            ends.say([0])
            #expect(await ends.near.wait() == .ready)
            #expect(ends.near.receive() == .wouldBlock)
            var sent = 0
            while sent < 4_000_000 {
                guard case .bytes(let count) = ends.far.send([UInt8](repeating: 1, count: 200_000), [], [], skipping: 0)
                else { break }
                sent += count
                while ends.near.isReadable {
                    let transfer = ends.near.receive()
                    if transfer == .reset { return #expect((1_000_000...1_600_000).contains(sent)) }
                    #expect(transfer == .wouldBlock && !ends.near.isReadable)
                    await ends.near.pause()
                }
            }
            Issue.record("it is listened to still, after \(sent) bytes")
        }
    }
}
