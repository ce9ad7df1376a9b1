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
        var isClosed = false
    }

    /// What a loop finds out without taking the lock, each time that it looks.
    private enum Sight {
        static let nothing: UInt8 = 0
        /// The loop looked, saw nothing and sleeps: whoever brings something has to wake it.
        static let asleep: UInt8 = 1
        static let something: UInt8 = 2
    }

    private let state = Mutex(State())
    private let sight = Atomic<UInt8>(Sight.nothing)
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
            return sight.exchange(Sight.something, ordering: .acquiringAndReleasing) == Sight.asleep
        }
        if wake { wakeUp.signal() }
    }

    /// False when something is waiting, so that there is no time to sleep.
    func fallAsleep() -> Bool {
        sight.compareExchange(
            expected: Sight.nothing,
            desired: Sight.asleep,
            ordering: .acquiringAndReleasing
        ).original != Sight.something
    }

    func takeAll() -> [Message] {
        let (_, seen) = sight.compareExchange(
            expected: Sight.asleep,
            desired: Sight.nothing,
            ordering: .acquiringAndReleasing
        )
        if seen != Sight.something { return [] }
        return state.withLock { state in
            defer { state.messages = [] }
            sight.store(Sight.nothing, ordering: .releasing)
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
