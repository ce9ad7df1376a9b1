import AsyncHTTP
import Cache
import Synchronization

/// Everything that waits: events that are not in a report yet, and reports, oldest first. Its owner adds from any thread and
/// never waits; one sender takes.
final class ReportQueue: Sendable {
    private struct State: Sendable {
        var events: [ReportedSample] = []
        var eventsSize = 0
        /// Of events that are being written into reports.
        var sealing = (samples: 0, size: 0)
        var reports = WaitingReports()
        var statistics = ReportStatistics()
        /// Rung when there is something to send.
        var work: Bell?
        /// Rung when the events are enough for a report.
        var batch: Bell?
        /// Rung when nothing waits any more.
        var emptied: [Bell] = []
    }

    private let limits: ReportingLimits
    /// At which a report of events is as full as it should be.
    private let batchSize: Int
    /// Longer than this a sample might be too long for a report: a byte can take six when it is written.
    private let longestEvent: Int
    private let state = Mutex(State())

    init(_ limits: ReportingLimits) {
        self.limits = limits
        batchSize = limits.report.bytes / 2
        longestEvent = limits.report.bytes / 8
    }

    var statistics: ReportStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.waiting = state.reports.count
            statistics.pending = state.events.count + state.sealing.samples
            statistics.bytesWaiting = state.reports.size + state.eventsSize + state.sealing.size
            return statistics
        }
    }

    // MARK: Events

    /// Takes all of them, or none if there is no room.
    func add(_ events: [ReportedSample], at time: Duration) -> Bool {
        var (size, longest) = (0, 0)
        for event in events {
            let own = event.size
            size += own
            longest = max(longest, own)
        }
        let (isKept, bell): (Bool, Bell?) = state.withLock { state in
            let samples = state.events.count + state.sealing.samples + state.reports.eventSamples
            guard longest <= longestEvent, samples + events.count <= limits.eventSamples,
                state.eventsSize + state.sealing.size + state.reports.eventSize + size <= limits.events.bytes
            else {
                state.statistics.eventsDropped += events.count
                return (false, nil)
            }
            for var event in events {
                if event.time == nil { event.time = time }
                state.events.append(event)
            }
            state.eventsSize += size
            return (true, isBatch(state) ? take(&state.batch) : nil)
        }
        bell?.ring()
        return isKept
    }

    private func isBatch(_ state: borrowing State) -> Bool {
        state.events.count >= limits.samplesPerReport || state.eventsSize >= batchSize
    }

    /// The events that are to be written into reports, which the next `add` of reports brings back.
    func takeEvents() -> [ReportedSample] {
        state.withLock { state in
            let events = state.events
            state.sealing = (events.count, state.eventsSize)
            (state.events, state.eventsSize) = ([], 0)
            return events
        }
    }

    /// Returns when there are events for a whole report, when it is time, or when the task is cancelled.
    func untilBatch<Time: Clock>(or deadline: Time.Instant, clock: Time) async {
        let bell = Bell()
        let isThere = state.withLock { state in
            state.batch = bell
            return isBatch(state)
        }
        if !isThere { await bell.wait(until: deadline, clock: clock) }
        state.withLock { $0.batch = nil }
    }

    // MARK: Reports

    /// Adds reports of events that were taken before: they have their place.
    ///
    /// - Parameter lost: events that no report can hold.
    func add(events reports: [ReportBody], lost: Int) {
        let bell = state.withLock { state in
            state.sealing = (0, 0)
            state.statistics.eventsDropped += lost
            for report in reports { state.reports.append(events: report) }
            return take(&state.work)
        }
        bell?.ring()
    }

    /// Adds the reports of one reading. Where there is no room the oldest readings go.
    func add(reading reports: [ReportBody]) {
        let bell = state.withLock { state in
            for report in reports {
                state.statistics.readingsDropped += state.reports.append(reading: report, limits)
            }
            return take(&state.work)
        }
        bell?.ring()
    }

    /// The report to send now: the one under way, if it has not been taken yet, or the oldest. Nil when the task is cancelled.
    func next() async -> WaitingReport? {
        while !Task.isCancelled {
            let bell = Bell()
            let report: WaitingReport? = state.withLock { state in
                let report = state.reports.start()
                if report == nil { state.work = bell }
                return report
            }
            if let report { return report }
            await bell.wait()
        }
        return nil
    }

    /// The report under way is done with: the hub has it, or will never take it.
    func finish(_ failure: ReportFailure?, rejected: Int = 0, takenAt time: Duration?) {
        let bells: [Bell] = state.withLock { state in
            state.reports.finish()
            if let time {
                state.statistics.sent += 1
                state.statistics.lastSuccess = time
            }
            state.statistics.samplesRejected += rejected
            if let failure { state.statistics.failures[failure.reason, default: 0] += 1 }
            guard state.reports.isEmpty else { return [] }
            defer { state.emptied = [] }
            return state.emptied
        }
        for bell in bells { bell.ring() }
    }

    /// The report under way has failed, and will be tried again.
    func failed(_ failure: ReportFailure) {
        state.withLock { $0.statistics.failures[failure.reason, default: 0] += 1 }
    }

    /// Returns when no report waits any more, or when it is time.
    func untilEmpty<Time: Clock>(or deadline: Time.Instant, clock: Time) async -> Bool {
        let bell = Bell()
        let isEmpty = state.withLock { state in
            if !state.reports.isEmpty { state.emptied.append(bell) }
            return state.reports.isEmpty
        }
        if isEmpty { return true }
        await bell.wait(until: deadline, clock: clock)
        return state.withLock { state in
            state.emptied.removeAll { $0 === bell }
            return state.reports.isEmpty
        }
    }

    /// A bell that is rung once.
    private func take(_ bell: inout Bell?) -> Bell? {
        defer { bell = nil }
        return bell
    }
}
