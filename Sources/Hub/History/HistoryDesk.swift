import AsyncHTTP
import Postgres
import Synchronization

/// One connection to the database, and the thread on which it is asked: nobody waits for it longer than the deadline, and after a
/// failure nobody waits until it is there again.
final class HistoryDesk: Sendable {
    private let configuration: HistoryQueriesConfiguration
    private let log: String
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> MonotonicInstant
    private let failed: @Sendable (any Error) -> Void
    private let interruption = Interruption()
    private let thread: WorkThread
    private let tickets = Atomic<UInt64>(0)
    /// Whose question is being answered, and since when.
    private let running = Mutex<(ticket: UInt64, since: MonotonicInstant)?>(nil)
    /// Questions that have been asked, the one that is being answered among them.
    private let asked = Atomic<Int>(0)
    private let attendance: Mutex<HistoryAttendance>
    /// Used on the thread.
    private let connection = Mutex<HistoryConnection?>(nil)

    init(
        _ configuration: HistoryQueriesConfiguration,
        log: String,
        clock: any Clock<Duration>,
        now: @escaping @Sendable () -> MonotonicInstant,
        failed: @escaping @Sendable (any Error) -> Void
    ) {
        self.configuration = configuration
        self.log = log
        self.clock = clock
        self.now = now
        self.failed = failed
        attendance = Mutex(HistoryAttendance(configuration.backoff))
        thread = WorkThread(capacity: configuration.limits.waiting)
        attempt()
    }

    /// - Throws: `HistoryAbsence`, or a cancellation.
    func ask<Value: Sendable>(
        _ question: @escaping @Sendable (HistoryConnection) throws(PostgresError) -> Value
    ) async throws -> Value {
        try seeWhetherItIsThere()
        let ticket = tickets.add(1, ordering: .relaxed).newValue
        asked.add(1, ordering: .relaxed)
        defer { asked.subtract(1, ordering: .relaxed) }
        return try await withThrowingTaskGroup(of: Value.self) { [self] group in
            group.addTask { [self] in
                do {
                    return try await thread.run { [self] in try answer(question, ticket) }
                } catch is WorkThread.Refusal {
                    throw HistoryAbsence.busy
                }
            }
            group.addTask { [self] in
                let deadline = configuration.limits.deadline
                try await clock.sleep(for: deadline)
                // Who has waited for others for so long waits no more, and breaks nothing off.
                guard let since = start(of: ticket) else { throw HistoryAbsence.busy }
                try await clock.sleep(for: max(.zero, deadline - since.duration(to: now())))
                breakOff(ticket)
                throw HistoryAbsence.slow
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Whether somebody waits for the answer of another.
    var isAwaited: Bool { asked.load(ordering: .relaxed) > 1 }

    /// Connects again when it is time, so that the first who asks afterwards is answered.
    func tend() {
        try? seeWhetherItIsThere()
    }

    func close() {
        interruption.breakOff()
        thread.stop()
        connection.withLock { $0 = nil }
    }

    private func seeWhetherItIsThere() throws(HistoryAbsence) {
        let (advice, began) = attendance.withLock { ($0.advice(at: now()), $0.attemptBegan) }
        switch advice {
        case .ask: return
        case .attempt(let absence):
            attempt()
            throw absence
        case .leave(let absence):
            if let began, began.duration(to: now()) >= configuration.limits.connecting { interruption.breakOff() }
            throw absence
        }
    }

    private func start(of ticket: UInt64) -> MonotonicInstant? {
        running.withLock { $0.flatMap { $0.ticket == ticket ? $0.since : nil } }
    }

    private func breakOff(_ ticket: UInt64) {
        running.withLock { if $0?.ticket == ticket { interruption.breakOff() } }
    }

    // MARK: On the thread

    private func attempt() {
        do throws(WorkThread.Refusal) {
            try thread.submit { [weak self] in self?.connect() }
        } catch {
            attendance.withLock { $0.failed(.busy, at: now()) }
        }
    }

    private func connect() {
        interruption.begin()
        do throws(PostgresError) {
            try connection.withLock { held throws(PostgresError) in
                held = try HistoryConnection(configuration, log: log, now: now) { interruption.hold($0) }
            }
            attendance.withLock { $0.succeeded() }
        } catch {
            leave(error)
        }
    }

    private func answer<Value: Sendable>(
        _ question: @Sendable (HistoryConnection) throws(PostgresError) -> Value,
        _ ticket: UInt64
    ) throws(HistoryAbsence) -> Value {
        running.withLock { [now] in $0 = (ticket, now()) }
        defer { running.withLock { $0 = nil } }
        return try connection.withLock { held throws(HistoryAbsence) in
            guard let connection = held else { throw attendance.withLock { $0.absence } ?? .unreachable }
            do throws(PostgresError) {
                return try question(connection)
            } catch {
                if error.isOfQuery, connection.goesOn() {
                    failed(error)
                } else {
                    held = nil
                    leave(error)
                }
                throw HistoryAbsence(error)
            }
        }
    }

    private func leave(_ error: PostgresError) {
        interruption.hold(nil)
        attendance.withLock { $0.failed(HistoryAbsence(error), at: now()) }
        failed(error)
    }
}

extension PostgresError {
    /// Another query may go well.
    fileprivate var isOfQuery: Bool { kind == .row || kind == .conflict }
}
