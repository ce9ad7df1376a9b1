import AsyncHTTP
import SQLite

/// The one connection that writes: reports and cursors, a transaction for all that came during the last one.
final class LogWriter {
    /// What is asked of it.
    enum Order: Sendable {
        case append(Report)
        case advance(follower: String, sequence: Int64)
        case forget(follower: String)
        case register(Component, moment: Int64)
        case deregister(Component)
        /// Retention when nobody reports. Milliseconds since 1970.
        case tidy(moment: Int64)
    }

    /// How far a clock may be set back before a new table is begun. Until then an arrival repeats the last one.
    static let clockTolerance: Int64 = 3_600_000
    static let pageSize = 4096

    let configuration: LogConfiguration
    let identity: String
    let database: Database
    let dictionary: LogDictionary
    private let hash: IdentityHash
    private let recent: RecentIdentities
    var state: LogState
    private var tables: WritableTables
    /// Pages that held something when the transaction began.
    private var used: Int64 = 0
    private let register: Register
    private let advance: Statement
    private let forget: Statement
    let readCursors: Statement
    let countPages: Statement
    let countFreePages: Statement

    init(_ database: Database, _ configuration: LogConfiguration) throws(SQLiteError) {
        self.configuration = configuration
        identity = try database.text("SELECT identity FROM log") ?? ""
        self.database = database
        dictionary = try LogDictionary(database, limits: configuration.limits)
        hash = IdentityHash(log: identity)
        state = try LogState(database)
        recent = try RecentIdentities(database, state, capacity: configuration.limits.waitingIdentities)
        tables = WritableTables()
        register = try Register(database)
        advance = try database.prepare(
            """
            INSERT INTO cursor VALUES (?1, ?2) ON CONFLICT (follower) DO UPDATE SET sequence = max(sequence, ?2)
            """
        )
        forget = try database.prepare("DELETE FROM cursor WHERE follower = ?")
        readCursors = try database.prepare("SELECT min(sequence) FROM cursor")
        countPages = try database.prepare("PRAGMA page_count")
        countFreePages = try database.prepare("PRAGMA freelist_count")
        try database.execute("PRAGMA max_page_count = \(pageLimit)")
    }

    private var path: String { configuration.path }

    var pageLimit: Int64 { max(256, Int64(configuration.maxSize.bytes / Self.pageSize)) }

    /// All of them in one transaction; some are refused, and what the disk refuses is the end of all.
    ///
    /// - Parameter size: of their reports, together.
    /// - Returns: for each what has become of it, nil for what is no report.
    func commit(_ orders: [Order], size: Int) -> [Result<Appended?, LogError>] {
        do throws(SQLiteError) {
            return try transaction(orders, size)
        } catch {
            guard error.kind == .full, isAtLimit(Self.pages(orders.count, size)) else {
                return orders.map { _ in .failure(LogError(error, path)) }
            }
            // It takes more pages than was thought. Once is enough: an eighth of all is free then.
            if (try? makeRoom(pages: pageLimit / 8)) == true, let results = try? transaction(orders, size) {
                return results
            }
            return orders.map { _ in .failure(LogError(.full, path)) }
        }
    }

    /// Whether it is our own limit that was met, and not the disk's.
    private func isAtLimit(_ expected: Int64) -> Bool {
        guard let pages = try? value(of: countPages) else { return false }
        return pages &+ 2 &* expected >= pageLimit
    }

    private func transaction(_ orders: [Order], _ size: Int) throws(SQLiteError) -> [Result<Appended?, LogError>] {
        let before = state
        try database.execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            try dictionary.refresh(database)
            // What followers have read may go, so they come first.
            let refused = try orders.map { order throws(SQLiteError) in try performOnTables(order) }
            let hasRoom = try makeRoom(inTransaction: Self.pages(orders.count, size))
            used = try usedPages()
            var results: [Result<Appended?, LogError>] = []
            results.reserveCapacity(orders.count)
            for (order, refused) in zip(orders, refused) {
                if let refused {
                    results.append(.failure(refused))
                } else if case .append(let report) = order {
                    results.append(hasRoom ? try append(report) : .failure(LogError(.full, path)))
                } else {
                    results.append(.success(nil))
                }
            }
            if let current = state.segments.last {
                try recent.settle(current, through: state.sequence, in: database, &tables)
            }
            try database.execute("COMMIT")
            dictionary.commit()
            recent.commit()
            return results
        } catch {
            database.rollBack()
            dictionary.rollBack()
            recent.rollBack()
            state = before
            tables = WritableTables()
            throw error
        }
    }

    /// - Returns: why not.
    private func performOnTables(_ order: Order) throws(SQLiteError) -> LogError? {
        switch order {
        case .append: return nil
        case .advance(let follower, let sequence):
            try advance.bind(follower, at: 1)
            try advance.bind(min(sequence, state.sequence), at: 2)
            try advance.run()
        case .forget(let follower):
            try forget.bind(follower, at: 1)
            try forget.run()
        case .tidy(let moment):
            if let current = state.segments.last, isOver(current, at: moment) { try beginSegment(nil) }
            try expire(at: moment)
        case .register(let component, let moment):
            if try !register.holds(component) {
                guard state.registrations < configuration.limits.components else {
                    return LogError(.tooManySeries, path, detail: "\(configuration.limits.components) registered")
                }
                state.registrations &+= 1
            }
            try register.add(component, at: moment)
        case .deregister(let component):
            if try register.holds(component) {
                state.registrations &-= 1
                try register.remove(component)
            }
        }
        return nil
    }

    // MARK: Reports

    private func append(_ report: Report) throws(SQLiteError) -> Result<Appended?, LogError> {
        guard report.metrics.count <= min(configuration.limits.samples, SampleID.places) else {
            return .failure(LogError(.tooLarge, path, detail: "\(report.metrics.count)"))
        }
        try beginSegmentIfOver(at: report.arrived)
        guard let segment = state.segments.last?.first else {
            return .failure(LogError(.failed, path, detail: "there is no table to write to"))
        }
        let arrived = max(report.arrived, state.arrived)
        guard let component = try dictionary.id(of: report.component, age: report.age(at: arrived), in: segment) else {
            return .failure(LogError(.tooManySeries, path, detail: "\(configuration.limits.components) components"))
        }
        let identity = report.reportID.map { hash.identity($0, of: component) }
        if let identity, try isKnown(identity, of: component, at: arrived) { return .success(.duplicate) }
        guard let series = try dictionary.ids(of: report.metrics, component: component, in: segment) else {
            return .failure(LogError(.tooManySeries, path, detail: "\(configuration.limits.series) series"))
        }
        let time = report.metrics.first?.time ?? arrived
        var payload = SamplePayload(time: time, count: series.count)
        for (index, series) in series.enumerated() {
            let (value, time) = (report.metrics[index].value, report.metrics[index].time)
            payload.append(SamplePayload.Sample(series: series, value: value, time: time))
        }
        payload.end()
        let insert = try tables.insert(into: segment, in: database)
        try insert.bind(state.sequence &+ 1, at: 1)
        try insert.bind(component, at: 2)
        try insert.bind(arrived, at: 3)
        try insert.bind(time, at: 4)
        try insert.bind(report.ttl.map { $0.clampedMilliseconds }, at: 5)
        try insert.bind(identity, at: 6)
        try insert.bind(text: payload.bytes, at: 7)
        try insert.bind(report.reportID, at: 8)
        try insert.run()
        state.sequence &+= 1
        state.arrived = arrived
        if let identity { recent.add(identity, state.sequence) }
        return .success(.written(sequence: state.sequence))
    }

    /// Whether the component has sent a report of that identity within the time in which it is recognised.
    private func isKnown(_ identity: Int64, of component: Int64, at moment: Int64) throws(SQLiteError) -> Bool {
        let oldest = moment &- configuration.recognition.clampedMilliseconds
        if let sequence = recent.sequence(of: identity),
            try tables.holds(sequence, of: component, since: oldest, in: database, state)
        {
            return true
        }
        return try tables.holds(identity: identity, of: component, since: oldest, in: database, state)
    }

    /// Generous: a table grows by whole pages.
    private static func pages(_ reports: Int, _ size: Int) -> Int64 {
        Int64((size + 512 * reports) / pageSize + 32)
    }

    // MARK: Tables

    private func beginSegmentIfOver(at moment: Int64) throws(SQLiteError) {
        guard let current = state.segments.last else { return try beginSegment(moment) }
        if current.since == nil {
            // It was begun while nobody reported.
            state.segments[state.segments.count - 1].since = moment
            state.arrived = moment
            return try database.execute("UPDATE segment SET since = \(moment) WHERE first = \(current.first)")
        }
        guard isOver(current, at: moment) || isLarge(current) else { return }
        try beginSegment(moment)
        try expire(at: moment)
    }

    private func isOver(_ segment: Segment, at moment: Int64) -> Bool {
        segment.isOver(at: moment, last: state.arrived, tolerance: Self.clockTolerance)
    }

    /// An eighth of all: then there are others that can go.
    private func isLarge(_ segment: Segment) -> Bool {
        used &- segment.base > pageLimit / 8
    }

    private func beginSegment(_ moment: Int64?) throws(SQLiteError) {
        if let last = state.segments.last {
            try recent.settleAll(last, through: state.sequence, in: database, &tables)
        }
        let segment = Segment(first: state.sequence &+ 1, since: moment, base: try usedPages())
        try LogSchema.create(segment, in: database)
        try database.execute(
            """
            INSERT INTO segment
            VALUES (\(segment.first), \(moment.map { "\($0)" } ?? "NULL"), \(segment.base), \(state.sequence))
            """
        )
        state.segments.append(segment)
        state.arrived = moment ?? .min
        used = segment.base
        tables = WritableTables()
        try LogSchema.createViews(of: state.segments, in: database)
    }
}

extension Report {
    /// How long before its arrival its newest and its oldest sample were taken; negative where that was after it.
    fileprivate func age(at arrived: Int64) -> ClosedRange<Int64> {
        var (newest, oldest) = (Int64(0), Int64(0))
        for index in metrics.indices {
            let time = metrics[index].time
            let (age, overflow) = arrived.subtractingReportingOverflow(time)
            let bounded = overflow ? (time < 0 ? Int64.max : -Int64.max) : max(age, -Int64.max)
            newest = min(newest, bounded)
            oldest = max(oldest, bounded)
        }
        return newest...oldest
    }
}
