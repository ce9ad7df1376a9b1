import AsyncHTTP
import Hub
import SQLite
import Testing

@Suite("What the log keeps")
struct RetentionTests {
    private static func sequences(_ log: Log) throws -> [Int64] {
        try log.reader().read(after: 0, limit: 100_000).map(\.sequence)
    }

    private static func tables(_ directory: LogDirectory) throws -> String? {
        try Outsider(directory.file).text("SELECT group_concat('report_' || first) FROM segment")
    }

    @Test("is a table a day, and goes a table at a time when it is old")
    func days() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(2 * 86_400) }
        for number in 0..<8 {
            _ = try await log.append(.sample(["m\(number)": 1], at: midnight + Int64(number) * day / 2))
        }
        // The last is of the third day, at noon; the first day's noon is two days and a half back… and midnight of it three.
        #expect(try Self.tables(directory) == "report_3,report_5,report_7")
        #expect(try Self.sequences(log) == [3, 4, 5, 6, 7, 8])
        let names = try log.reader().names()
        #expect(names == ["m2", "m3", "m4", "m5", "m6", "m7"])
        #expect(try log.reader().series(after: 0, limit: 2).map(\.metric.name) == ["m2", "m3"])
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }

    @Test("grows in its order when the clock is set back: by seconds over midnight, or by years")
    func clock() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(30 * 86_400) }
        let arrivals = [
            midnight - 1000, midnight, midnight - 500, midnight + 1, midnight + 400 * day, midnight + 2, midnight + 3,
        ]
        for arrival in arrivals { _ = try await log.append(.sample(at: arrival)) }
        let reports = try log.reader().read(after: 0, limit: 10)
        #expect(reports.map(\.sequence) == [5, 6, 7])
        #expect(reports.map(\.arrived) == [midnight + 400 * day, midnight + 2, midnight + 3])
        #expect(reports.map { $0.metrics[0].time } == reports.map(\.arrived))
        // What the wrong clock has left does not stay for a year.
        try await log.tidy(at: midnight + 31 * day)
        #expect(try Self.sequences(log) == [])
        #expect(try await log.append(.sample(at: midnight + 31 * day)) == .written(sequence: 8))
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }

    @Test("stays in one table when the clock goes back over midnight, and arrivals repeat the last")
    func overMidnight() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        for arrival in [midnight - 1000, midnight, midnight - 500] { _ = try await log.append(.sample(at: arrival)) }
        #expect(try Self.tables(directory) == "report_1,report_2")
        let reports = try log.reader().read(after: 0, limit: 10)
        #expect(reports.map(\.arrived) == [midnight - 1000, midnight, midnight])
        #expect(reports[2].metrics[0].time == midnight - 500)
    }

    @Test("stays for a follower that has not read it, and goes when it has, or is forgotten", arguments: [false, true])
    func followers(isForgotten: Bool) async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(86_400) }
        try await log.advance("slow", to: 0)
        try await log.advance("fast", to: 0)
        for number in 0..<6 { _ = try await log.append(.sample(at: midnight + Int64(number) * day)) }
        try await log.advance("fast", to: 6)
        try await log.advance("slow", to: 1)
        try await log.tidy(at: midnight + 5 * day + 1)
        #expect(try Self.sequences(log) == [2, 3, 4, 5, 6])
        if isForgotten {
            try await log.forget("slow")
        } else {
            try await log.advance("slow", to: 3)
            // It never goes back, and cannot have read what is not there.
            try await log.advance("slow", to: 2)
            try await log.advance("fast", to: 1000)
            #expect(try log.reader().cursors() == ["slow": 3, "fast": 6])
        }
        try await log.tidy(at: midnight + 5 * day + 1)
        #expect(try Self.sequences(log) == (isForgotten ? [6] : [4, 5, 6]))
        log.close()
    }

    @Test("fits into its size: the oldest goes, also within a day")
    func size() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.maxSize = .mebibytes(1) }
        let values = [Double](repeating: 0.123456789, count: 100)
        for number in 0..<1500 {
            let metrics = values.enumerated().map {
                ReportedMetric(name: "m\($0.offset)", kind: .gauge, value: $0.element + Double(number), time: midnight)
            }
            let report = Report(
                component: Component(type: "t", name: "n"),
                metrics: metrics,
                arrived: midnight + Int64(number)
            )
            #expect(try await log.append(report) == .written(sequence: Int64(number) + 1))
        }
        let sequences = try Self.sequences(log)
        #expect(sequences.last == 1500)
        #expect((100..<700).contains(sequences.count), "\(sequences.count)")
        let pages = try Outsider(directory.file).integer("PRAGMA page_count")
        #expect(try #require(pages) <= 256)
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }

    @Test("is full when a follower has not read it: reports are refused until it has")
    func full() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.maxSize = .mebibytes(1) }
        try await log.advance("follower", to: 0)
        let labels = [ReportedLabel(name: "text", value: String(repeating: "x", count: 3000))]
        var (written, refusals) = (0, 0)
        for number in 0..<400 {
            let metric = ReportedMetric(name: "m\(number)", kind: .gauge, value: 1, time: midnight, labels: labels)
            let report = Report(component: Component(type: "t", name: "n"), metrics: [metric], arrived: midnight)
            do throws(LogError) {
                _ = try await log.append(report)
                #expect(refusals == 0)
                written += 1
            } catch {
                #expect(error.kind == .full)
                refusals += 1
            }
        }
        #expect(written > 100 && refusals > 100)
        #expect(log.isFull)
        #expect(try Self.sequences(log) == Array(1...Int64(written)))
        try await log.advance("follower", to: Int64(written))
        #expect(try await log.append(.sample()) == .written(sequence: Int64(written) + 1))
        #expect(!log.isFull)
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }

    @Test("goes on when the table that should go has been removed by hand")
    func removedByHand() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(86_400) }
        _ = try await log.append(.sample())
        try Outsider(directory.file).execute("DROP TABLE report_1")
        let error = #expect(throws: LogError.self) { try log.reader().read(after: 0, limit: 1) }
        #expect(error?.kind == .damaged)
        #expect(try await log.append(.sample(at: midnight + 3 * day)) == .written(sequence: 2))
        #expect(try Self.sequences(log) == [2])
        log.close()
    }

    @Test("is kept whole when the same series is reported in the moment in which its table goes")
    func seriesThatReturns() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.retention = .seconds(86_400) }
        for number in 0..<10 { _ = try await log.append(.sample(at: midnight + Int64(number) * 3 * day)) }
        #expect(try log.reader().read(after: 0, limit: 10).map { $0.metrics[0].name } == ["m"])
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }
}
