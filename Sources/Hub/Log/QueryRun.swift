import AsyncHTTP
import SQLite

/// One query, from the newest table to the oldest, as far as its budget goes.
struct QueryRun {
    /// Reports between two looks at the clock. So many are looked at whatever the budget: a query always gets further.
    private static let stride = 64

    private let query: LogQuery
    private let connection: LogReader.Connection
    private let deadline: MonotonicInstant
    private let longest: Int
    private let clock: @Sendable () -> MonotonicInstant
    private var verdicts: [Int64: ReportedMetric?] = [:]
    private var rows: [LogPage.Row] = []
    /// Of the texts of its rows.
    private var size = 0
    private var looked = 0

    init(
        _ query: LogQuery,
        on connection: LogReader.Connection,
        budget: Duration,
        size: ByteCount,
        clock: @escaping @Sendable () -> MonotonicInstant
    ) {
        self.query = query
        self.connection = connection
        self.clock = clock
        longest = size.bytes
        deadline = clock().advanced(by: budget)
    }

    /// In one transaction, so that no table goes while it is read.
    mutating func page() throws(SQLiteError) -> LogPage {
        let choice = try ComponentChoice(query, connection.database)
        if choice.components?.isEmpty ?? false { return LogPage(rows: [], next: nil) }
        let before = query.cursor?.before ?? SampleID(number: .max)
        var (place, hasLooked) = (before, false)
        let segments = try SegmentTable.read(connection.database)
        for segment in segments.reversed() where segment.first <= before.sequence {
            guard let since = segment.since, since <= choice.arrivals.upperBound else { continue }
            guard
                var reports = try NewestReports(
                    of: segment,
                    after: query.after,
                    through: before.sequence,
                    choice,
                    in: connection.database
                )
            else { continue }
            while let stretch = try reports.next() {
                // A stretch may have none of a component, and there may be many of those.
                if hasLooked, clock() >= deadline { return LogPage(rows: rows, next: LogCursor(before: place)) }
                hasLooked = true
                while try stretch.step() {
                    let report = ReportRow(stretch)
                    if let page = try add(report, before: before) { return page }
                    place = SampleID(sequence: report.sequence, place: 0)
                    looked += 1
                    if looked % Self.stride == 0, clock() >= deadline {
                        return LogPage(rows: rows, next: LogCursor(before: place))
                    }
                }
                place = SampleID(sequence: reports.end, place: 0)
            }
        }
        return LogPage(rows: rows, next: nil)
    }

    /// - Returns: the answer, when it has as many rows as it may and there is another.
    private mutating func add(_ report: ReportRow, before: SampleID) throws(SQLiteError) -> LogPage? {
        // What cannot be read is a matter for a follower and for `verify`; the rest is answered.
        guard let samples = report.samples else { return nil }
        for (place, sample) in samples.enumerated().reversed() {
            let id = SampleID(sequence: report.sequence, place: place)
            guard id < before, query.wants(time: sample.time), let series = try series(sample.series),
                let component = try connection.known.component(report.component)
            else { continue }
            if rows.count >= query.limit || size >= longest {
                return LogPage(rows: rows, next: rows.last.map { LogCursor(before: SampleID(number: $0.id)) })
            }
            let metric = series.with(value: sample.value, time: sample.time)
            size += metric.size
            rows.append(LogPage.Row(id: id.number, component: component, metric: metric, arrived: report.arrived))
        }
        return nil
    }

    /// Nil for a series that is not asked for.
    private mutating func series(_ id: Int64) throws(SQLiteError) -> ReportedMetric? {
        if let verdict = verdicts[id] { return verdict }
        let metric = try connection.known.series(id)?.metric
        let verdict = metric.flatMap { query.wants($0) ? $0 : nil }
        verdicts[id] = .some(verdict)
        return verdict
    }
}
