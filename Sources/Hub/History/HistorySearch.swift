import AsyncHTTP
import Postgres

/// One query of the database: stretch by stretch, from the newest to the oldest, as far as its budget goes.
struct HistorySearch {
    private let table: MetricsTable
    private let query: LogQuery
    private let choice: HistoryChoice
    private let boundary: HistoryCursor.Boundary
    private let limits: HistoryLimits
    private let start: HistoryMoment
    /// What is newer is not looked for at first: there is hardly anything.
    private let now: HistoryMoment
    private var end: HistoryKey
    private var look: Duration
    private var growth = 1
    private var reader = HistoryRows()
    private var found: [(key: HistoryKey, row: LogPage.Row)] = []
    private var size = 0

    /// - Parameters:
    ///   - place: behind which it goes on; nil for the newest.
    ///   - now: milliseconds since 1970.
    init(
        _ table: MetricsTable,
        _ query: LogQuery,
        _ choice: HistoryChoice,
        behind place: HistoryKey?,
        _ boundary: HistoryCursor.Boundary,
        _ limits: HistoryLimits,
        now: Int64
    ) {
        self.table = table
        self.query = query
        self.choice = choice
        self.boundary = boundary
        self.limits = limits
        self.now = HistoryMoment(milliseconds: now)
        start = max(query.start.map(HistoryMoment.init(milliseconds:)) ?? .earliest, .earliest)
        let last = min(query.end.map(Self.lastMoment) ?? .latest, .latest)
        let newest = HistoryKey(moment: last, identifier: .max)
        end = place.map { $0.moment > last ? newest : $0 } ?? newest
        look = limits.firstLook
    }

    /// Times are asked for in milliseconds, and the end is included.
    private static func lastMoment(_ milliseconds: Int64) -> HistoryMoment {
        let first = HistoryMoment(milliseconds: milliseconds)
        let (last, overflow) = first.microseconds.addingReportingOverflow(999)
        return overflow ? first : HistoryMoment(microseconds: last)
    }

    /// The rows that are wanted, one more than were asked for when there are others; and where to go on when the budget has ended.
    mutating func run(
        _ connection: PostgresConnection,
        _ catalogue: HistoryCatalogue,
        until isOver: () -> Bool
    ) throws(PostgresError) -> (rows: [(key: HistoryKey, row: LogPage.Row)], rest: HistoryKey?) {
        if case .nothing = choice { return ([], nil) }
        while end.moment >= start {
            let stretch = stretch()
            let limit = min(query.limit - found.count, limits.rowsAtOnce) + 1
            let statement = HistoryStatement(
                table,
                choice,
                stretch,
                query,
                behind: boundary,
                rows: rowsToLookAt(limit),
                limit: limit
            )
            let rows = try connection.again(statement.sql, statement.parameters)
            let before = found.count
            let last = take(rows, catalogue)
            if found.count > query.limit || size >= limits.answerSize.bytes { return (found, found.last?.key) }
            if let last, rows.count >= limit {
                end = last
            } else if let rest = try Self.rest(statement, rows, connection) {
                end = rest
                growth = min(2 * growth, limits.growth)
            } else if stretch.start > start {
                // Of these there are few, so that a query does not end between them.
                end = HistoryKey(moment: stretch.start, identifier: .min)
                look *= wider(rows: found.count - before)
                continue
            } else {
                return (found, nil)
            }
            if isOver() { return (found, end) }
        }
        return (found, nil)
    }

    /// - Returns: where to go on; nil when everything in the stretch has been looked at.
    private static func rest(
        _ statement: HistoryStatement,
        _ rows: PostgresRows,
        _ connection: PostgresConnection
    ) throws(PostgresError) -> HistoryKey? {
        guard let end = statement.end else { return HistoryRows.end(rows) }
        return HistoryRows.end(try connection.again(end, statement.parametersOfEnd))
    }

    /// - Returns: the last that was returned.
    private mutating func take(_ rows: PostgresRows, _ catalogue: HistoryCatalogue) -> HistoryKey? {
        var last: HistoryKey?
        for number in 0..<rows.count {
            guard let (key, row) = reader.read(number, of: rows, catalogue) else { continue }
            last = key
            guard let row else { continue }
            found.append((key, row))
            size += row.metric.size
        }
        return last
    }

    /// What is looked at next. Only the newest tables of days are looked into while they have enough.
    private func stretch() -> HistoryStretch {
        let from = min(end.moment, now).earlier(by: look)
        let isAll = from <= start || look > limits.firstLook * Self.farthest
        let beginning = isAll ? start : from
        return HistoryStretch(
            start: beginning,
            end: end,
            written: beginning == .earliest ? nil : beginning.earlier(by: limits.ahead)
        )
    }

    /// How many times as far to look, when that has brought so many rows: as far as it takes to have all.
    private func wider(rows: Int) -> Int {
        let missing = query.limit + 1 - found.count
        return min(Self.farthest, max(4, (missing + missing / 4) / max(1, rows) + 1))
    }

    /// Times the first look.
    private static let farthest = 16

    /// As many as will do if all series have about as many; more each time that was too few.
    private func rowsToLookAt(_ limit: Int) -> Int {
        let isFiltered = query.kind != nil || !query.labels.isEmpty
        switch choice {
        case .pairs(let pairs):
            if pairs.count == 1 { return isFiltered ? max(limits.stride * growth, limit) : limit }
            let (most, all) = (4 * limits.portion / max(1, pairs.count), isFiltered ? limits.portion : limit)
            return max(limits.rowsOfPair, min(most, (all + all / 4) / max(1, pairs.count) * growth))
        case .all(nil, nil) where !isFiltered: return limit
        case .all, .nothing: return max(limits.stride * growth, limit)
        }
    }
}
