import AsyncHTTP
import Synchronization
import Testing

@testable import Reporting

@Suite("Starting beside a program")
struct StartTests {
    @Test("nothing is sent in the clear to a hub that is to be reached by https")
    func https() throws {
        let configuration = ReportConfiguration(name: "w", type: "t")
        let refusal = #expect(throws: UnencryptedHub.self) {
            try ReportClient.start(configuration, to: HubURL("https://hub.example/"))
        }
        #expect(refusal?.description.hasPrefix("https://hub.example: nothing encrypts") == true)
    }

    @Test("a failure that goes on is said once a minute, another at once")
    func lines() {
        let (lines, clock) = (Lines(), Hand())
        let said = ReportFailure.said(now: { clock.now }, by: lines.write)
        let (away, refused) = (ReportFailure(.connection, "refused"), ReportFailure(.refused, "400"))
        for second in [0, 1, 59, 60, 61] {
            clock.set(second)
            said(away)
        }
        said(refused)
        said(away)
        #expect(
            lines.all == [away, away, refused, away].map { "a report was not taken: \($0)\n" }
        )
    }

    private final class Lines: Sendable {
        private let written = Mutex<[String]>([])
        var all: [String] { written.withLock { $0 } }
        @Sendable func write(_ line: String) { written.withLock { $0.append(line) } }
    }

    /// A clock that is set by hand.
    private final class Hand: Sendable {
        private let seconds = Atomic<Int>(0)
        var now: MonotonicInstant {
            MonotonicInstant(nanoseconds: 0).advanced(by: .seconds(seconds.load(ordering: .relaxed)))
        }
        func set(_ value: Int) { seconds.store(value, ordering: .relaxed) }
    }
}
