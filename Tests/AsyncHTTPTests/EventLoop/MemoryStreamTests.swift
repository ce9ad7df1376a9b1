import Testing

@testable import AsyncHTTP

@Suite("Streams in memory")
struct MemoryStreamTests {
    /// Runs a body on a loop with two ends, of which it may let one go.
    private func withEnds(_ body: @escaping @Sendable (Ends) async throws -> Void) throws {
        try withEventLoops { group in try await body(Ends(on: group.first)) }
    }

    private final class Ends {
        let near: MemoryStream
        var far: MemoryStream?

        init(on loop: EventLoop) {
            (near, far) = MemoryStream.pair(on: loop)
            // A test that waits in vain is to end.
            near.setDeadline(.now.advanced(by: .seconds(RawSocket.patience)))
        }
    }

    @Test("who waits to read sees the end when the other end is let go of without a close")
    func end() throws {
        try withEnds { ends in
            _ = ends.far?.send([1, 2], [], [], skipping: 0)
            #expect(ends.near.receive() == .bytes(2))
            #expect(ends.near.receive() == .wouldBlock)
            ends.near.state.setDeadline(of: Call { ends.far = nil }, to: .now)
            #expect(await ends.near.wait() == .ready)
            #expect(ends.near.receive() == .bytes(0))
            #expect(ends.near.isPeerClosed)
            #expect(ends.near.send([1], [], [], skipping: 0) == .reset)
        }
    }

    @Test("what was sent before can still be read")
    func lastWords() throws {
        try withEnds { ends in
            _ = ends.far?.send([1, 2], [], [], skipping: 0)
            ends.far = nil
            #expect(ends.near.receive() == .bytes(2))
            #expect(ends.near.receive() == .bytes(0))
        }
    }

    @Test("it is a reset when the other end had something unread, or was to be reset", arguments: [true, false])
    func reset(unread: Bool) throws {
        try withEnds { ends in
            if unread { _ = ends.near.send([1], [], [], skipping: 0) } else { ends.far?.resetWhenClosed() }
            ends.far = nil
            #expect(await ends.near.wait() == .ready)
            #expect(ends.near.receive() == .reset)
        }
    }

    @Test("who waits to send is woken, too")
    func full() throws {
        try withEnds { ends in
            while case .bytes = ends.near.send([UInt8](repeating: 0, count: 1 << 16), [], [], skipping: 0) {}
            ends.near.state.setDeadline(of: Call { ends.far = nil }, to: .now)
            #expect(await ends.near.wait(for: .write) == .ready)
            #expect(ends.near.send([1], [], [], skipping: 0) == .reset)
        }
    }
}
