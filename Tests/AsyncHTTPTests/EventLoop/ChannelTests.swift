import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Channels and waiters")
struct ChannelTests {
    /// Runs a body on a loop, in the loop's isolation, with a channel and the socket at its other end.
    private func withChannel(
        limits: EventLoopLimits = EventLoopLimits(),
        _ body: @escaping @Sendable (Channel, RawSocket) async throws -> Void
    ) throws {
        try withEventLoops(limits: limits) { group in
            let (near, far) = try socketPair()
            let channel = try Channel(Descriptor(owning: near), on: group.first)
            try await body(channel, far)
            channel.close()
        }
    }

    @Test("a task waits until bytes come, and a short read says that there are no more")
    func reading() throws {
        try withChannel { channel, far in
            #expect(channel.receive() == .wouldBlock)
            channel.state.setDeadline(of: Call { [raw = far.raw] in _ = unsafe send(raw, "abc", 3, 0) }, to: .now)
            #expect(await channel.wait() == .ready)
            #expect(channel.receive() == .bytes(3))
            #expect(channel.state.withReceived(3) { $0.array(0..<3) } == [0x61, 0x62, 0x63])
            #expect(!channel.isReadable)
        }
    }

    @Test("a read that fills the buffer is followed by another")
    func filledBuffer() throws {
        var limits = EventLoopLimits()
        limits.receiveBuffer = .bytes(4)
        try withChannel(limits: limits) { channel, far in
            try far.send("abcdef")
            #expect(await channel.wait() == .ready)
            #expect(channel.receive() == .bytes(4))
            #expect(channel.isReadable)
            #expect(await channel.wait() == .ready)
            #expect(channel.receive() == .bytes(2))
            #expect(!channel.isReadable)
        }
    }

    @Test("so is a read that took what was asked for, and a shorter one is not")
    func limited() throws {
        try withChannel { channel, far in
            try far.send("abcdef")
            #expect(await channel.wait() == .ready)
            #expect(channel.receive(limit: 4) == .bytes(4))
            #expect(channel.isReadable)
            #expect(channel.receive(limit: 4) == .bytes(2))
            #expect(!channel.isReadable)
        }
    }

    @Test("the end is read after the last bytes, however they come together")
    func end() throws {
        try withChannel { channel, far in
            try far.send("abc")
            far.finishSending()
            #expect(await channel.wait() == .ready)
            #expect(channel.isPeerClosed)
            #expect(channel.receive() == .bytes(3))
            #expect(await channel.wait() == .ready)
            #expect(channel.receive() == .bytes(0))
            #expect(channel.send([1], [], [], skipping: 0) == .bytes(1))
        }
    }

    @Test("writing waits for room")
    func writing() throws {
        try withChannel { channel, far in
            let bytes = [UInt8](repeating: 1, count: 1 << 20)
            var sent = 0
            while case .bytes(let count) = channel.send(bytes, bytes, [], skipping: 7) { sent += count }
            #expect(!channel.isWritable)
            _ = try far.take(sent)
            #expect(await channel.wait(for: .write) == .ready)
        }
    }

    @Test("three pieces are sent as one, from any place in them", arguments: 0...6)
    func pieces(skipped: Int) throws {
        try withChannel { channel, far in
            #expect(channel.send([1], [2, 3], [4, 5, 6], skipping: skipped) == .bytes(6 - skipped))
            channel.descriptor.finishWriting()
            let received = try far.take(6 - skipped)
            #expect(received == Array([1, 2, 3, 4, 5, 6][skipped...]))
        }
    }

    @Test("a peer that has gone fails the write and is no signal")
    func broken() throws {
        try withChannel { channel, far in
            far.close()
            #expect(await channel.wait() == .ready)
            #expect(channel.send([1], [], [], skipping: 0) == .failed(EPIPE))
        }
    }

    // MARK: Deadlines and wakes

    @Test("a deadline ends a wait, and each later one until it is set anew")
    func deadline() throws {
        try withChannel { channel, _ in
            channel.setDeadline(.now.advanced(by: .milliseconds(5)))
            #expect(await channel.wait() == .deadline)
            #expect(await channel.wait() == .deadline)
            channel.setDeadline(.now.advanced(by: .milliseconds(5)))
            #expect(await channel.wait() == .deadline)
        }
    }

    @Test("a deadline that has passed counts, even while there is always something to read")
    func deadlineOfBusyChannel() throws {
        try withChannel { channel, far in
            try far.send("abc")
            channel.setDeadline(.now)
            await channel.pause()
            await channel.pause()
            #expect(channel.isReadable)
            #expect(await channel.wait() == .deadline)
            channel.removeDeadline()
            #expect(await channel.wait() == .ready)
        }
    }

    @Test("who is woken is told so; a wake without a wait is nothing")
    func woken() throws {
        try withChannel { channel, _ in
            channel.wake()
            channel.setDeadline(.now.advanced(by: .milliseconds(1)))
            #expect(await channel.wait() == .deadline)
            channel.removeDeadline()
            channel.state.setDeadline(of: Call { channel.wake() }, to: .now)
            #expect(await channel.wait() == .woken)
        }
    }

    @Test("a closed channel wakes whoever waits, and then nothing waits or transfers any more")
    func closed() throws {
        try withChannel { channel, _ in
            channel.setDeadline(.now.advanced(by: .seconds(3600)))
            channel.state.setDeadline(of: Call { channel.close() }, to: .now)
            #expect(await channel.wait() == .woken)
            #expect(channel.isClosed)
            channel.close()
            #expect(await channel.wait() == .woken)
            #expect(await unsafe withUnsafeContinuation { unsafe channel.parkToRead($0) } == .woken)
            #expect(channel.receive() == .failed(ECONNABORTED))
            #expect(channel.send([1], [], [], skipping: 0) == .failed(ECONNABORTED))
            let accepted = try channel.accept() == nil
            #expect(accepted)
            channel.setDeadline(.now)
        }
    }

    @Test("an event of a channel that has been closed does not reach the one that has its place now")
    func stale() throws {
        try withEventLoops { group in
            for _ in 0..<20 {
                let (near, far) = try socketPair()
                let first = try Channel(Descriptor(owning: near), on: group.first)
                // Keeps the file open, and with it what epoll knows of it.
                let copy = try first.descriptor.duplicate()
                try far.send("abc")
                first.close()
                let (nearer, farther) = try socketPair()
                let second = try Channel(Descriptor(owning: nearer), on: group.first)
                second.setDeadline(.now.advanced(by: .milliseconds(1)))
                #expect(await second.wait() == .deadline)
                #expect(!second.isReadable && second.isWritable)
                second.close()
                farther.close()
                close(copy.release())
            }
        }
    }

    @Test("a descriptor that epoll does not take is an error, and its place is used again")
    func notPollable() throws {
        try withEventLoops { group in
            for _ in 0..<2 {
                let file = Descriptor(owning: unsafe open("/proc/self/exe", O_RDONLY | O_CLOEXEC))
                let raw = file.raw
                #expect(raw >= 0)
                do throws(SystemError) {
                    _ = try Channel(file, on: group.first)
                    Issue.record("a regular file was taken")
                } catch {
                    #expect(error.call == "epoll_ctl")
                    #expect(error.errno == EPERM)
                }
            }
        }
    }

    @Test("turns are counted, and there is always one", arguments: [(0, 1), (1, 1), (2, 2), (5, 5)])
    func turns(limit: Int, turns: Int) throws {
        try withChannel { channel, _ in
            for _ in 0..<3 {
                for _ in 0..<turns { #expect(!channel.spendTurn(limit: limit)) }
                #expect(channel.spendTurn(limit: limit))
            }
            await channel.takeTurn(limit: limit)
        }
    }
}

extension EventLoopClock {
    /// Lets everything else on the loop run.
    func pause() async {
        try? await sleep(for: .milliseconds(1))
    }
}

/// Two connected sockets: the first does not block.
func socketPair() throws -> (Int32, RawSocket) {
    var raw: [Int32] = [0, 0]
    let code = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &raw)
    guard code == 0 else { throw SystemError("socketpair", errno: errno) }
    _ = fcntl(raw[0], F_SETFL, O_NONBLOCK)
    return (raw[0], RawSocket(owning: raw[1]))
}
