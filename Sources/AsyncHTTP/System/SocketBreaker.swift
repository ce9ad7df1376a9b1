import Glibc
import Synchronization

/// Ends the use of a socket that a library has, from any thread: whoever waits for it is told that the peer has gone.
///
/// It has a descriptor of its own for the same socket. The library may close its number at any time, and somebody else get it; this
/// one stays what it is.
package final class SocketBreaker: Sendable {
    private struct State: ~Copyable {
        var descriptor: Descriptor
        var isBroken = false
    }

    private let state: Mutex<State>

    /// - Parameter socket: an open one. It stays its owner's.
    package init(of socket: Int32) throws(SystemError) {
        let raw = try check("fcntl") { fcntl(socket, F_DUPFD_CLOEXEC, 0) }
        state = Mutex(State(descriptor: Descriptor(owning: raw)))
    }

    /// Whether it has been ended here, and not by the peer.
    package var isBroken: Bool { state.withLock { $0.isBroken } }

    package func breakOff() {
        state.withLock { state in
            state.isBroken = true
            _ = shutdown(state.descriptor.raw, Int32(SHUT_RDWR))
        }
    }
}
