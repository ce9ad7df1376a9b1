import Glibc
import Testing

@testable import AsyncHTTP

/// Each in a process of its own, where the environment is the test's to change. That handed over sockets are served is tested
/// with a whole program, whose descriptor 3 is free.
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
