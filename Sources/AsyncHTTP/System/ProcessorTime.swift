import Glibc

/// What the kernel says of time that was spent on processors.
package enum ProcessorTime {
    /// That of the calling thread.
    package static var ofThread: Duration { read(CLOCK_THREAD_CPUTIME_ID) }

    /// That of all threads of this process, from its start.
    package static var ofProcess: Duration { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
