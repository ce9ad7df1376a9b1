import AsyncHTTP
import Synchronization

/// Sends one report after the other, each until the hub has it or will never take it.
struct ReportDelivery<Time: Clock>: Sendable where Time.Instant == MonotonicInstant, Time.Duration == Duration {
    typealias Deliver = @Sendable ([UInt8]) async throws(ReportFailure) -> ReportAnswer

    let queue: ReportQueue
    let deliver: Deliver
    let clock: Time
    /// The time since 1970.
    let wallClock: @Sendable () -> Duration
    let longestRetryAfter: Duration
    /// Told of everything that was not taken.
    let failed: @Sendable (ReportFailure) -> Void
    private let pause = Pause()

    /// Until when the hub wants to be left alone.
    private final class Pause: Sendable {
        let end = Mutex<MonotonicInstant?>(nil)
    }

    init(
        _ queue: ReportQueue,
        clock: Time,
        wallClock: @escaping @Sendable () -> Duration,
        longestRetryAfter: Duration,
        failed: @escaping @Sendable (ReportFailure) -> Void,
        deliver: @escaping Deliver
    ) {
        self.queue = queue
        self.clock = clock
        self.wallClock = wallClock
        self.longestRetryAfter = longestRetryAfter
        self.failed = failed
        self.deliver = deliver
    }

    /// Waits until there is a report, and tries once to send it.
    func sendNext() async throws(ReportFailure) {
        guard let report = await queue.next() else { return }
        if let end = pause.end.withLock({ $0 }) { try? await clock.sleep(until: end, tolerance: nil) }
        if Task.isCancelled { return }
        pause.end.withLock { $0 = nil }
        let answer: ReportAnswer
        do throws(ReportFailure) {
            answer = try await deliver(report.body.bytes)
        } catch {
            // That nobody waits for the answer any more is not the hub's failure.
            if !Task.isCancelled { note(error) }
            throw error
        }
        switch answer {
        case .taken: queue.finish(nil, takenAt: wallClock())
        case .takenInPart(let rejected, let failure):
            queue.finish(failure, rejected: rejected, takenAt: wallClock())
            failed(failure)
        case .refused(let failure):
            queue.finish(failure, takenAt: nil)
            failed(failure)
        case .later(let failure, let wait):
            if let wait {
                let end = clock.now.advanced(by: min(wait, longestRetryAfter))
                pause.end.withLock { $0 = end }
            }
            note(failure)
            throw failure
        }
    }

    private func note(_ failure: ReportFailure) {
        queue.failed(failure)
        failed(failure)
    }
}
