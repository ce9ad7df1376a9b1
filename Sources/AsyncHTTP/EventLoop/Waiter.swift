/// One task waits here until somebody wakes it, or until its deadline. It belongs to a loop's thread.
///
/// Safe although it holds an unsafe continuation: `resume` forgets it before it is resumed, so that happens once.
@safe package class Waiter: Deadline {
    /// Why a wait has ended.
    package enum Wake {
        case ready
        case deadline
        /// Somebody wants the waiting task to look at what has changed.
        case woken
    }

    /// The loop, as only its own thread sees it: to look it up through the loop each time would cost a check each time.
    package let state: LoopState
    /// The deadline has passed and has not been set anew.
    private(set) final var isOverdue = false
    private var isRetired = false
    private var continuation: UnsafeContinuation<Wake, Never>?

    package init(on loop: EventLoop) {
        state = loop.state
    }

    /// Waits for `resume`. A deadline that has passed and has not been set anew ends it at once.
    package final func suspend() async -> Wake {
        unsafe await withUnsafeContinuation { unsafe park($0) }
    }

    /// The same for a task that has made its continuation itself, to save the frame of a call while it waits.
    final func park(_ waiting: UnsafeContinuation<Wake, Never>) {
        precondition(unsafe continuation == nil, "two tasks wait in one place")
        unsafe continuation = waiting
        if isOverdue { resume(.deadline) }
    }

    /// Ends a wait under way. Nothing when there is none.
    package final func resume(_ wake: Wake) {
        guard let waiting = unsafe continuation else { return }
        unsafe continuation = nil
        unsafe waiting.resume(returning: wake)
    }

    /// A task waits here now.
    final var isWaiting: Bool { unsafe continuation != nil }

    package final func wake() {
        resume(.woken)
    }

    package final func setDeadline(_ instant: MonotonicInstant) {
        isOverdue = false
        if !isRetired { state.setDeadline(of: self, to: instant) }
    }

    /// Takes it out of the loop for good: a deadline that is set later could keep it alive long after its use.
    package final func retire() {
        isRetired = true
        removeDeadline()
        wake()
    }

    package final func removeDeadline() {
        isOverdue = false
        state.removeDeadline(of: self)
    }

    override final func reached() {
        isOverdue = true
        resume(.deadline)
    }
}
