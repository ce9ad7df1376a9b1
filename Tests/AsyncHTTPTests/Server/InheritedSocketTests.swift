import Glibc
import Testing

@testable import AsyncHTTP

/// Each that changes the environment has a process of its own for it. That handed over sockets are served is tested with a
/// whole program, whose descriptor 3 is free.
@Suite("Server: sockets handed over by systemd")
struct InheritedSocketTests {
    @Test(
        "those of another process, and counts that are none, are left alone",
        arguments: [("1", "1"), ("self", "0"), ("self", "-1"), ("self", "x"), ("self", "99999999")]
    )
    func notOurs(process: String, count: String) async {
        await #expect(processExitsWith: .success) { [process = process as String, count = count as String] in
            unsafe setenv("LISTEN_PID", process == "self" ? "\(getpid())" : process, 1)
            unsafe setenv("LISTEN_FDS", count, 1)
            let taken = try InheritedSockets.take()
            #expect(taken.isEmpty)
            #expect(unsafe getenv("LISTEN_FDS") == nil)
        }
    }

    @Test("the first is descriptor 3")
    func first() async {
        // The status says it all: whatever the test's own process has at that descriptor is gone.
        await #expect(processExitsWith: .success) {
            let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
            let ours = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 1)
            // By way of a third: `ours` may be descriptor 3 itself, which would then stay as it is.
            dup2(dup(ours.raw), 3)
            unsafe setenv("LISTEN_PID", "\(getpid())", 1)
            unsafe setenv("LISTEN_FDS", "1", 1)
            exit((try? InheritedSockets.take()) == [3] ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }

    @Test("more than were handed over is an error that says which is not there, and nothing is taken")
    func tooMany() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("LISTEN_PID", "\(getpid())", 1)
            unsafe setenv("LISTEN_FDS", "1000", 1)
            let error = #expect(throws: ListenError.self) { try withServer(on: [.systemd]) { _ in } }
            #expect(error?.description.contains("LISTEN_FDS is 1000, but descriptor ") == true)
        }
    }

    @Test("what is open and is no listening stream socket is told from one")
    func faults() throws {
        #expect(InheritedSockets.fault(of: -1)?.text == "is not open")

        func expect(_ text: String?, of raw: Int32) {
            #expect(raw >= 0)
            #expect(InheritedSockets.fault(of: raw)?.text == text)
            close(raw)
        }
        expect("is not a socket", of: unsafe open("/dev/null", O_RDONLY))
        let (stream, datagram) = (Int32(SOCK_STREAM.rawValue), Int32(SOCK_DGRAM.rawValue))
        expect("is not a stream socket: use ListenStream=", of: socket(AF_INET, datagram, 0))
        expect("is not listening: use ListenStream= and Accept=no", of: socket(AF_INET, stream, 0))

        let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
        let ours = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 1)
        let raw = ours.raw
        #expect(InheritedSockets.fault(of: raw)?.text == "was not handed over: the process itself has opened it")
        expect(nil, of: dup(raw))
    }
}
