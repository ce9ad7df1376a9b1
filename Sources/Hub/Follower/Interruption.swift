import AsyncHTTP
import Synchronization

/// Ends a step that takes too long, from another thread: by the socket that it waits for.
final class Interruption: Sendable {
    private struct State {
        var breaker: SocketBreaker?
        var isOver = false
    }

    private let state = Mutex(State())

    /// A step begins that may take its time.
    func begin() {
        state.withLock { $0.isOver = false }
    }

    /// What is to be broken off from now on; at once, when the time is over already.
    func hold(_ breaker: SocketBreaker?) {
        state.withLock { state in
            state.breaker = breaker
            if state.isOver { breaker?.breakOff() }
        }
    }

    func breakOff() {
        state.withLock { state in
            state.isOver = true
            state.breaker?.breakOff()
        }
    }
}
