import Glibc
import Testing

@testable import AsyncHTTP

/// Each in a process of its own, where descriptor 3 and the environment are the test's to change.
@Suite("Server: sockets handed over by systemd")
struct InheritedSocketTests {
    @Test("they are served, by every loop, and handed out once")
    func served() async {
        await #expect(processExitsWith: .success) {
            // Where Dispatch or the test's own process has the number, taking it away would end them.
            guard fcntl(3, F_GETFD) < 0 else { return }
            let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
            let opened = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 16)
            let listener = Descriptor(owning: fcntl(opened.release(), F_DUPFD_CLOEXEC, 100))
            #expect(dup2(listener.raw, 3) == 3)
            unsafe setenv("LISTEN_PID", "\(getpid())", 1)
            unsafe setenv("LISTEN_FDS", "1", 1)
            unsafe setenv("LISTEN_FDNAMES", "web", 1)
            try withServer(on: [.systemd], loops: 2) { server in
                let addresses = try server.server.addresses
                #expect(addresses == [listener.localAddress()?.description ?? ""])
                for _ in 0..<20 { #expect(try server.connect().exchange(get("/")).status == 200) }
                for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { #expect(unsafe getenv(name) == nil) }
                #expect(fcntl(3, F_GETFD) == FD_CLOEXEC)
                #expect(throws: ListenError.self) { try withServer(on: [.systemd]) { _ in } }
            }
        }
    }

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

    @Test("a descriptor that is not there is an error that says so")
    func missing() async {
        await #expect(processExitsWith: .success) {
            for raw: Int32 in 3..<200 where fcntl(raw, F_GETFD) < 0 {
                unsafe setenv("LISTEN_PID", "\(getpid())", 1)
                unsafe setenv("LISTEN_FDS", "\(raw - 2)", 1)
                break
            }
            let error = #expect(throws: SystemError.self) { try InheritedSockets.take() }
            #expect(error?.errno == EBADF)
        }
    }
}
