import Glibc

/// What the kernel says of time that was spent on processors.
package enum ProcessorTime {
    /// That of the calling thread.
    package static var ofThread: Duration { .nanoseconds(clockNanoseconds(CLOCK_THREAD_CPUTIME_ID)) }

    /// That of all threads of this process, from its start.
    package static var ofProcess: Duration { .nanoseconds(clockNanoseconds(CLOCK_PROCESS_CPUTIME_ID)) }
}
