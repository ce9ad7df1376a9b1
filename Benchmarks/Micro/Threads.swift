import Glibc

/// Does the body so many times, shared among threads that start together.
func onThreads(_ threads: Int, _ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    final class Work: Sendable {
        let count: Int
        let body: @Sendable (Int) -> Void
        init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.body = body
        }
    }
    var started: [pthread_t] = []
    for _ in 0..<threads {
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(count / threads, body)).toOpaque()
        let failure = unsafe pthread_create(
            &thread,
            nil,
            { work in
                guard let work = unsafe work else { return nil }
                let share = unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue()
                share.body(share.count)
                return nil
            },
            work
        )
        if failure == 0 { started.append(thread) }
    }
    for thread in started { pthread_join(thread, nil) }
}
