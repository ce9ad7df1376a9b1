import Glibc

/// Starting and joining threads.
package enum Thread {
    /// A thread that somebody has to join.
    struct Joinable {
        fileprivate let handle: pthread_t

        func join() {
            pthread_join(handle, nil)
        }

        /// It ends by itself, and nobody looks.
        func detach() {
            pthread_detach(handle)
        }
    }

    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Starts one that gets no signal of the process: those are for the main thread, or for whoever holds them back.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) -> Joinable {
        var handle = pthread_t()
        let start = unsafe Unmanaged.passRetained(Start(body))
        // From its first moment on: one signal that a single thread lets through ends the program.
        let mask = SignalMask(blocking: Signal.allCases)
        defer { mask.restore() }
        let code = unsafe pthread_create(
            &handle,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            unsafe start.release()
            throw SystemError("pthread_create", errno: code)
        }
        return Joinable(handle: handle)
    }

    /// Leaves the calling thread a tenth of what another thread has that is ready. It lasts. The least that there is would be a
    /// seventieth: then a login takes seconds on a machine that is busy with other things.
    static func yieldToOthers() {
        // Zero is the calling thread: on Linux each has a priority of its own.
        let thread = __priority_which_t(PRIO_PROCESS.rawValue)
        _ = setpriority(thread, 0, max(10, getpriority(thread, 0)))
    }

    /// Starts one that ends by itself, for a call that blocks.
    package static func startDetached(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        try start(body).detach()
    }
}
