import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Descriptors of others")
struct BorrowedChannelTests {
    @Test("one is waited for, and stays open when the channel has closed")
    func borrowed() throws {
        try withEventLoops { group in
            let (near, far) = try socketPair()
            defer { close(near) }
            let channel = try Channel.borrowing(near, on: group.first)
            try far.send("x")
            #expect(await channel.wait() == .ready)
            channel.close()
            try far.send("y")
            // Nothing of it is told any more: the loop has let go, although the file is open.
            for _ in 0..<5 { await group.first.clock.pause() }
            var bytes = [UInt8](repeating: 0, count: 2)
            #expect(unsafe read(near, &bytes, 2) == 2)
        }
    }

    @Test("what is no descriptor is an error")
    func invalid() {
        #expect(throws: SystemError.self) {
            try withEventLoops { _ = try Channel.borrowing(-1, on: $0.first) }
        }
    }
}
