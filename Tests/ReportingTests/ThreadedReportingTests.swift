import AsyncHTTP
import Synchronization
import Testing

@testable import Reporting

@Suite("Reporting from many threads")
struct ThreadedReportingTests {
    @Test("what each of four threads has been told is kept arrives, once")
    func threads() throws {
        let hub = try LoopbackHub()
        let url = try HubURL("http://127.0.0.1:\(hub.port)")
        let reporting = try ReportClient.start(ReportConfiguration(name: "w", type: "t"), to: url)
        let shared = Shared()
        let threads = try (0..<4).map { number in
            let thread = try BackgroundLoop()
            try thread.start {
                for event in 0..<2000 {
                    let value = Double(number * 2000 + event)
                    guard reporting.client.report([ReportedSample("event", .gauge, value)]) == .kept else { continue }
                    shared.kept.withLock { $0.append(value) }
                }
            }
            return thread
        }
        for thread in threads { thread.join() }
        reporting.stop(within: .seconds(30))
        let reports = hub.reports
        hub.stop()
        let arrived = reports.flatMap { $0.values("event") }
        #expect(arrived.count == 8000)
        #expect(arrived.sorted() == shared.kept.withLock { $0.sorted() })
    }

    private final class Shared: Sendable {
        let kept = Mutex<[Double]>([])
    }
}
