import AsyncHTTP
import Synchronization
import TLS

/// A run on a group of loops: a worker on each, and somebody who tells how it goes.
struct LoadRun: Sendable {
    private static let progressInterval = Duration.milliseconds(250)

    private let plan: LoadPlan
    private let targets: [LoadTarget]

    /// Asks for the servers' addresses and reads certificates, which blocks.
    init(_ plan: LoadPlan, _ inputs: LoadInputs = LoadInputs()) throws {
        self.plan = plan
        let tls = ClientTLS(plan.settings.tls)
        if plan.isSecure { try tls.read() }
        targets = try plan.urls.map { try LoadTarget($0, plan, inputs, tls) }
    }

    /// - Parameters:
    ///   - signals: the first one ends the run, and what was measured so far is reported.
    ///   - progress: is given a line to show, several times a second; nil when nobody wants to see it.
    func run(
        on loops: [EventLoop],
        signals: SignalSource? = nil,
        progress: (@Sendable (String) -> Void)? = nil
    ) async throws -> LoadReport {
        let window = RunWindow(from: .now, plan)
        // In an open loop the window ends behind the last one.
        let budget = plan.mode == .open ? nil : plan.settings.requests.map(RequestBudget.init)
        let dealing = Dealing(plan.connections, urls: targets.count, workers: loops.count)
        let workers = loops.enumerated().map { number, loop in
            LoadWorker(plan, targets, window, dealing, number: number, budget: budget, on: loop)
        }
        let clock = loops[0].clock
        return try await withThrowingTaskGroup(of: [Measurement]?.self) { group in
            for worker in workers {
                group.addTask(executorPreference: worker.loop.taskExecutor) { try await worker.run() }
            }
            let interruption = Interruption()
            group.addTask {
                guard let signals, let signal = try await signals.next() else { return nil }
                interruption.note(signal)
                for worker in workers { await worker.stop() }
                return nil
            }
            if let progress {
                group.addTask {
                    await show(workers.map(\.counts), window, clock, progress)
                    return nil
                }
            }
            var (sums, left) = (targets.map { _ in Measurement() }, workers.count)
            while left > 0, let next = try await group.next() {
                guard let measurements = next else { continue }
                for (url, measurement) in measurements.enumerated() { sums[url].merge(measurement) }
                left -= 1
            }
            group.cancelAll()
            let early = interruption.noted?.moment ?? (budget?.isSpent == true ? Measurement.sum(sums).completed : nil)
            let end = min(window.end, max(window.measured, early ?? window.end))
            return LoadReport(
                plan: plan,
                measurements: sums,
                elapsed: window.measured.duration(to: end),
                interruption: interruption.noted?.signal
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
                failures: counts.reduce(0) { $0 &+ $1.failures },
                requests: plan.settings.requests
            )
            (last, lastAnswers) = (now, answers)
            progress(ProgressLine.shown(state))
        }
        progress(ProgressLine.erase)
    }
}

/// When somebody had seen enough, and how they said so.
private final class Interruption: Sendable {
    private let first = Mutex<(moment: MonotonicInstant, signal: Signal)?>(nil)

    var noted: (moment: MonotonicInstant, signal: Signal)? { first.withLock { $0 } }

    func note(_ signal: Signal) {
        first.withLock { $0 = (.now, signal) }
    }
}
