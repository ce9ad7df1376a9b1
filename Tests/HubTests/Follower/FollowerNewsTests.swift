import AsyncHTTP
import Service
import Synchronization
import Telemetry
import Testing

@testable import Hub

@Suite("What is told of a follower")
struct FollowerNewsTests {
    private struct Teller {
        private final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }

        private let lines = Lines()
        private var news: FollowerNews
        private var now = MonotonicInstant(nanoseconds: 0)

        init() {
            news = FollowerNews(
                Logger(Service.LogConfiguration()) { [lines] bytes in
                    lines.all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
                    return true
                }
            )
        }

        /// - Returns: what is told a second later, without its time.
        mutating func told(_ change: (inout FollowerStatus) -> Void) -> [String] {
            now = now.advanced(by: .seconds(1))
            var status = FollowerStatus()
            change(&status)
            news.tell(status, of: "db/history", at: now, moment: arrival)
            return lines.all.withLock { lines in
                defer { lines = [] }
                return lines.map { line in
                    String(line.drop { $0 != " " }.dropFirst().filter { $0 != "\n" })
                }
            }
        }
    }

    @Test("that it writes, that it cannot and why, and that it does again, each once")
    func changes() {
        var teller = Teller()
        let down: (inout FollowerStatus) -> Void = { status in
            (status.failure, status.unread, status.oldestUnread) = ("no route", 4, arrival - 3000)
        }
        let up: (inout FollowerStatus) -> Void = { $0.isConnected = true }
        let written = #"level=info msg="the history is written" database=db/history backlog=0"#
        let waits =
            #"level=error msg="the history is not written" error="no route" database=db/history backlog=4 lag_seconds=3"#
        // Nothing is known before the first attempt.
        #expect(teller.told { _ in } == [])
        #expect(teller.told(up) == [written])
        #expect(teller.told(up) == [])
        #expect(teller.told(down) == [waits])
        #expect(teller.told(down) == [])
        #expect(teller.told(up) == [written])
        #expect(teller.told(down) == [waits])
    }

    @Test("what goes on is told once a minute")
    func repeated() {
        var teller = Teller()
        let lines = (0..<130).map { _ in teller.told { $0.failure = "no route" }.count }
        #expect(lines.reduce(0, +) == 3)
    }

    @Test("that tables are not tended, and that rows were refused")
    func remarks() {
        var teller = Teller()
        _ = teller.told { $0.isConnected = true }
        let untended = teller.told { ($0.isConnected, $0.upkeepFailure) = (true, "may not") }
        #expect(untended == [#"level=warn msg="the history's tables are not tended" error="may not""#])
        let refused = teller.told { ($0.isConnected, $0.written.refused) = (true, 2) }
        #expect(
            refused
                == [
                    #"level=warn msg="the database has refused rows; they are in noetl.refused, with the reason" rows=2"#
                ]
        )
        #expect(teller.told { ($0.isConnected, $0.written.refused) = (true, 2) } == [])
        // Soon after it is not told again, but not forgotten either.
        #expect(teller.told { ($0.isConnected, $0.written.refused) = (true, 5) } == [])
        for _ in 0..<60 { _ = teller.told { $0.isConnected = true } }
        #expect(teller.told { ($0.isConnected, $0.written.refused) = (true, 5) }.first?.hasSuffix("rows=3") == true)
    }

    @Test("as metrics")
    func metrics() throws {
        let collector = try FollowerCollector(of: "postgres", prefix: "x") {
            var status = FollowerStatus()
            (status.isConnected, status.unread, status.allFailures) = (true, 4, 2)
            (status.written.reports, status.written.rows) = (10, 50)
            (status.written.duplicates, status.written.refused) = (3, 1)
            return status
        }
        let values = collector.collect().flatMap { family in family.samples.map(\.value) }
        #expect(values == [1, 0, 4, 10, 3, 50, 1, 2].map(Sample.Value.number))
        #expect(collector.collect().map(\.descriptor.name) == collector.descriptors.map(\.name))
    }
}
