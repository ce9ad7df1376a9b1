import Synchronization

/// A job of the Swift runtime, and by which of the loop's two executors it came.
struct LoopJob: Sendable {
    let job: UnownedJob
    /// The job belongs to an actor that is pinned to the loop; otherwise to a task that prefers it.
    let isIsolated: Bool
}

/// What other threads have for a loop. The only part of a loop that more than one thread touches.
final class Inbox: Sendable {
    enum Message: Sendable {
        case job(LoopJob)
        case call(@Sendable () -> Void)
        case stop
    }

    private struct State {
        var messages: [Message] = []
        var isAsleep = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp

    init() throws(SystemError) {
        wakeUp = try WakeUp()
    }

    var descriptor: Int32 { wakeUp.descriptor.raw }

    /// Wakes the loop at most once per sleep: while it is awake it looks here by itself.
    func post(_ message: Message) {
        let wake = state.withLock { state in
            if state.isClosed { return false }
            state.messages.append(message)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wake { wakeUp.signal() }
    }

    /// False when something is waiting, so that there is no time to sleep.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty
            return state.isAsleep
        }
    }

    func takeAll() -> [Message] {
        state.withLock { state in
            state.isAsleep = false
            if state.messages.isEmpty { return [] }
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// The loop has ended. What is here, and what comes yet, would never be read, and would keep the loop and itself alive.
    func close() {
        let unread = state.withLock { state in
            defer { state.messages = [] }
            state.isClosed = true
            return state.messages
        }
        // Let go outside of the lock: what a message holds may post another one when it goes.
        _ = unread
    }

    func consumeSignal() {
        wakeUp.consume()
    }
}
