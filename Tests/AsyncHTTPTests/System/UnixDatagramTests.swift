import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Datagrams to unix sockets")
struct UnixDatagramTests {
    /// A socket that is bound there, and never waits.
    private func receiver(at address: String) throws -> Descriptor {
        let address = try #require(SocketAddress(unix: address))
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Descriptor(owning: try check("socket") { socket(AF_UNIX, kind, 0) })
        let raw = descriptor.raw
        try check("bind") { unsafe address.withSocketAddress { unsafe bind(raw, $0, $1) } }
        return descriptor
    }

    private func received(_ descriptor: borrowing Descriptor) -> String? {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = unsafe recv(descriptor.raw, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    @Test("each arrives whole at a path")
    func path() throws {
        try withTemporaryDirectory { directory in
            let socket = try receiver(at: "\(directory)/socket")
            #expect(UnixDatagram.send(Array("READY=1".utf8), to: "\(directory)/socket"))
            #expect(UnixDatagram.send(Array("STOPPING=1".utf8), to: "\(directory)/socket"))
            #expect(received(socket) == "READY=1")
            #expect(received(socket) == "STOPPING=1")
            #expect(received(socket) == nil)
        }
    }

    @Test("and at an abstract name, which is its own up to its last byte")
    func abstract() throws {
        let name = "@http-tests-\(getpid())"
        let socket = try receiver(at: name)
        #expect(UnixDatagram.send(Array("READY=1".utf8), to: name))
        #expect(received(socket) == "READY=1")
        #expect(!UnixDatagram.send([1], to: name + "0"))
        #expect(socket.localAddress()?.description == "unix:\(name)")
    }

    @Test("nobody is there", arguments: ["", "/nowhere/at/all", "@", "/" + String(repeating: "x", count: 200)])
    func nobody(address: String) {
        #expect(!UnixDatagram.send([1], to: address))
    }

    @Test("a reader who has stopped reading costs messages, and no time")
    func full() throws {
        let name = "@http-tests-full-\(getpid())"
        let socket = try receiver(at: name)
        var sent = 0
        while sent < 100_000, UnixDatagram.send([1], to: name) { sent += 1 }
        #expect((1..<100_000).contains(sent))
        #expect(received(socket) == "\u{1}")
    }
}
