import AsyncHTTP
import Synchronization

/// A run on a group of loops: a worker on each, and somebody who tells how it goes.
struct LoadRun: Sendable {
    private static let progressInterval = Duration.milliseconds(250)

    private let plan: LoadPlan
    private let target: LoadTarget

    /// Asks for the server's addresses, which blocks.
    init(_ plan: LoadPlan) throws {
        self.plan = plan
        target = LoadTarget(
            addresses: try LoadTarget.addresses(of: plan.endpoint),
            request: try plan.request(keepAlive: plan.settings.keepAlive),
            slowRequest: try plan.request(keepAlive: true),
            keepAlive: plan.settings.keepAlive
        )
    }

    /// - Parameters:
    ///   - signals: the first one ends the run, and what was measured so far is reported.
    ///   - progress: is given a line to show, several times a second; nil when nobody wants to see it.
    func run(
        on loops: [EventLoop],
        signals: SignalSource? = nil,
        progress: (@Sendable (String) -> Void)? = nil
    ) async throws -> LoadReport {
        let window = RunWindow(from: .now, warmup: plan.settings.warmup, duration: plan.settings.duration)
        let workers = loops.enumerated().map { number, loop in
            LoadWorker(plan, target, window, WorkShare(number: number, workers: loops.count), on: loop)
        }
        let clock = loops[0].clock
        return try await withThrowingTaskGroup(of: Measurement?.self) { group in
            for worker in workers {
                group.addTask(executorPreference: worker.loop.taskExecutor) { try await worker.run() }
            }
            let interruption = Interruption()
            group.addTask {
                guard let signals, try await signals.next() != nil else { return nil }
                interruption.note()
                for worker in workers { await worker.stop() }
                return nil
            }
            if let progress {
                group.addTask {
                    await show(workers.map(\.counts), window, clock, progress)
                    return nil
                }
            }
            var (sum, left) = (Measurement(), workers.count)
            while left > 0, let next = try await group.next() {
                guard let measurement = next else { continue }
                sum.merge(measurement)
                left -= 1
            }
            group.cancelAll()
            let moment = interruption.moment
            let end = min(window.end, max(window.measured, moment ?? window.end))
            return LoadReport(
                plan: plan,
                measurement: sum,
                elapsed: window.measured.duration(to: end),
                isInterrupted: moment != nil
            )
        }
    }

    private func show(
        _ counts: [LiveCounts],
        _ window: RunWindow,
        _ clock: EventLoopClock,
        _ progress: @Sendable (String) -> Void
    ) async {
        var (last, lastAnswers) = (window.start, UInt64(0))
        while (try? await clock.sleep(for: Self.progressInterval)) != nil {
            let (now, answers) = (MonotonicInstant.now, counts.reduce(0) { $0 &+ $1.answers })
            let state = ProgressLine.State(
                elapsed: window.start.duration(to: now),
                total: window.start.duration(to: window.end),
                isWarmingUp: now < window.measured,
                perSecond: Double(answers &- lastAnswers) / (last.duration(to: now) / .seconds(1)),
                answers: answers,
                failures: counts.reduce(0) { $0 &+ $1.failures }
            )
            (last, lastAnswers) = (now, answers)
            progress(ProgressLine.shown(state))
        }
        progress(ProgressLine.erase)
    }
}

/// When somebody had seen enough.
private final class Interruption: Sendable {
    private let noted = Mutex<MonotonicInstant?>(nil)

    var moment: MonotonicInstant? { noted.withLock { $0 } }

    func note() {
        noted.withLock { $0 = .now }
    }
}
