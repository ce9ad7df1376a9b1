package import AsyncHTTP
import Postgres
import Service
import Synchronization

/// Answers queries from the database while it is there, and from the log's store when it is not.
///
/// What the database does not have yet comes from the log: first the rows that are not in it, then its own.
package final class HistoryQueries: Sendable {
    /// What the database is called where it is said who has answered.
    package static let source = "postgres"

    private let store: any Store
    private let reader: LogReader
    private let limits: HistoryLimits
    private let wallClock: @Sendable () -> Int64
    private let desk: HistoryDesk
    private let clock: any Clock<Duration>

    /// Begins to connect. Blocks while the log is opened, so it is called off the loops.
    ///
    /// - Parameters:
    ///   - log: that of the store.
    ///   - wallClock: milliseconds since 1970.
    ///   - failed: told why the database has not answered, with everything that an operator has to know.
    package init(
        _ configuration: HistoryQueriesConfiguration,
        of log: Log,
        beside store: any Store,
        clock: any Clock<Duration>,
        wallClock: @escaping @Sendable () -> Int64,
        now: @escaping @Sendable () -> MonotonicInstant = { .now },
        failed: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws(LogError) {
        self.store = store
        self.wallClock = wallClock
        self.clock = clock
        reader = try log.reader()
        limits = configuration.limits
        desk = HistoryDesk(configuration, log: log.identity, clock: clock, now: now, failed: failed)
    }

    /// An answer, made into something else where no request waits for it.
    ///
    /// - Throws: `HistoryAbsence` when only the database could go on, or what the store throws.
    package func answer<Value: Sendable>(
        _ query: HistoryQuery,
        as make: @escaping @Sendable (HistoryPage) -> Value
    ) async throws -> Value {
        var samples = query.samples
        samples.limit = min(max(samples.limit, 1), limits.rows)
        if let cursor = query.cursor {
            switch cursor.place {
            case .unread(let place):
                samples.cursor = place
                return try await unread(samples, cursor.boundary, as: make)
            case .stored(let place):
                return try await stored(samples, cursor.boundary, behind: place, as: make)
            }
        }
        if samples.cursor != nil {
            return try await fromStore(samples, "this goes on from an answer that the log has given", as: make)
        }
        do {
            let known = try await desk.ask { connection throws(PostgresError) in try connection.boundary() }
            guard let boundary = known else { throw HistoryAbsence.unprepared }
            return try await first(samples, boundary, as: make)
        } catch let absence as HistoryAbsence {
            return try await fromStore(samples, absence.sentence, as: make)
        }
    }

    /// Connects again after a failure, whether somebody asks or not, until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            desk.tend()
            try? await clock.sleep(for: limits.tending)
        }
    }

    /// Ends the connection and the thread. To be called off the loops, when nobody asks any more.
    package func close() {
        desk.close()
        reader.close()
    }

    // MARK: Parts

    private enum Unread<Value: Sendable>: Sendable {
        /// As much as was asked for.
        case page(Value)
        /// All that there was.
        case rows([LogPage.Row])
    }

    private func first<Value: Sendable>(
        _ query: LogQuery,
        _ boundary: HistoryCursor.Boundary,
        as make: @escaping @Sendable (HistoryPage) -> Value
    ) async throws -> Value {
        switch try await rowsOfLog(query, boundary, as: make) {
        case .page(let value): return value
        case .rows(let rows): return try await stored(query, boundary, after: rows, behind: nil, as: make)
        }
    }

    private func unread<Value: Sendable>(
        _ query: LogQuery,
        _ boundary: HistoryCursor.Boundary,
        as make: @escaping @Sendable (HistoryPage) -> Value
    ) async throws -> Value {
        switch try await rowsOfLog(query, boundary, as: make) {
        case .page(let value): return value
        case .rows(let rows):
            do {
                return try await stored(query, boundary, after: rows, behind: nil, as: make)
            } catch let absence as HistoryAbsence {
                if rows.isEmpty { throw absence }
                // They are given; the next time it may be there.
                return make(page(rows, .newest, boundary, notice: absence.sentence))
            }
        }
    }

    private func rowsOfLog<Value: Sendable>(
        _ query: LogQuery,
        _ boundary: HistoryCursor.Boundary,
        as make: @escaping @Sendable (HistoryPage) -> Value
    ) async throws(LogError) -> Unread<Value> {
        var query = query
        query.after = boundary.sequence
        return try await store.answer(query) { page in
            guard let next = page.next else { return .rows(page.rows) }
            let cursor = HistoryCursor(.unread(next), boundary)
            return .page(make(HistoryPage(page.rows, next: cursor.text, source: Self.source)))
        }
    }

    /// - Parameters:
    ///   - rows: those of the log that come first.
    ///   - place: nil for the newest.
    private func stored<Value: Sendable>(
        _ query: LogQuery,
        _ boundary: HistoryCursor.Boundary,
        after rows: [LogPage.Row] = [],
        behind place: HistoryKey?,
        as make: @escaping @Sendable (HistoryPage) -> Value
    ) async throws -> Value {
        var query = query
        query.limit -= rows.count
        if query.limit <= 0 { return make(page(rows, .newest, boundary)) }
        return try await desk.ask { [self, query] connection throws(PostgresError) in
            let found = try connection.page(query, behind: place, boundary, at: wallClock()) { desk.isAwaited }
            return make(page(rows + found.rows, found.rest, boundary))
        }
    }

    private func page(
        _ rows: [LogPage.Row],
        _ rest: HistoryKey?,
        _ boundary: HistoryCursor.Boundary,
        notice: String? = nil
    ) -> HistoryPage {
        HistoryPage(
            rows,
            next: rest.map { HistoryCursor(.stored($0), boundary).text },
            source: Self.source,
            notice: notice
        )
    }

    private func fromStore<Value: Sendable>(
        _ query: LogQuery,
        _ reason: String,
        as make: @escaping @Sendable (HistoryPage) -> Value
    ) async throws(LogError) -> Value {
        try await store.answer(query) { [store, reader] page in
            let since = (try? reader.beginning()).flatMap { $0 }.map { ", since \(WallClock.text(milliseconds: $0))" }
            let notice = "\(reason): this is what the log of this hub has\(since ?? "")"
            return make(HistoryPage(page, from: store.name, notice: notice))
        }
    }
}

extension HistoryKey {
    /// Before all rows.
    static let newest = HistoryKey(moment: .latest, identifier: .max)
}
