import AsyncHTTP
import Synchronization

extension ReportFailure {
    /// Says failures on standard error, the same at most once in a while: a hub that is away fails every attempt.
    ///
    /// - Parameter now: the time by a clock that never goes back.
    static func said(
        every interval: Duration = .seconds(60),
        now: @escaping @Sendable () -> MonotonicInstant = { .now },
        by write: @escaping @Sendable (String) -> Void = { line in _ = StandardError.write(Array(line.utf8)) }
    ) -> @Sendable (ReportFailure) -> Void {
        let memory = Memory()
        return { failure in
            let moment = now()
            let isNew = memory.last.withLock { last in
                if let last, last.text == failure.description, moment < last.at.advanced(by: interval) { return false }
                last = (failure.description, moment)
                return true
            }
            if isNew { write("a report was not taken: \(failure)\n") }
        }
    }

    /// What was said last.
    private final class Memory: Sendable {
        let last = Mutex<(text: String, at: MonotonicInstant)?>(nil)
    }
}
