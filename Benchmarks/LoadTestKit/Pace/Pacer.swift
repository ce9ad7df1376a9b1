import AsyncHTTP

/// Lets the connections of one worker go when their requests are due.
final class Pacer {
    private let timer: PreciseTimer
    /// Not the loop's own, which the loop looks at every millisecond at best.
    private let waiting = DeadlineQueue()
    private(set) var isStopped = false

    init(on loop: EventLoop) throws(SystemError) {
        timer = try PreciseTimer(on: loop)
    }

    /// Waits in `place`, which has no deadline on the loop, until `due`. False when the run has been stopped.
    func wait(until due: MonotonicInstant, in place: Waiter) async -> Bool {
        if isStopped { return false }
        waiting.set(place, to: due)
        timer.arm(due)
        _ = await place.suspend()
        return !isStopped
    }

    /// Wakes who is due, until `stop`.
    func run() async {
        while await timer.wait() {
            release(by: .now)
            if let earliest = waiting.earliest { timer.arm(earliest) }
        }
    }

    /// Wakes everybody.
    func stop() {
        isStopped = true
        release(by: .distantFuture)
        timer.close()
    }

    private func release(by now: MonotonicInstant) {
        while let place = waiting.popReached(by: now) as? Waiter { place.wake() }
    }
}
