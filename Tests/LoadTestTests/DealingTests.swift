import AsyncHTTP
import Testing

@testable import LoadTestKit

@Suite("Connections are dealt out")
struct DealingTests {
    @Test(
        "so that all are there, and each URL and each worker has as many as another",
        arguments: [1, 2, 3, 7],
        [1, 2, 3, 5]
    )
    func shares(urls: Int, workers: Int) {
        for connections in [7, 8, 64] {
            let dealing = Dealing(connections, urls: urls, workers: workers)
            let dealt = (0..<workers).map { dealing.urls(of: $0) }
            #expect(dealt.map(\.count).reduce(0, +) == connections)
            #expect(dealt.map(\.count).allSatisfy { abs($0 - connections / workers) <= 1 })
            let each = (0..<urls).map { url in dealt.joined().count { $0 == url } }
            #expect(each.allSatisfy { abs($0 - connections / urls) <= 1 })
        }
    }

    @Test("and all schedules together are the whole rate, each URL in turn", arguments: [1, 2, 3, 4], [1, 2, 3, 5])
    func schedules(urls: Int, workers: Int) {
        let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
        let dealing = Dealing(8, urls: urls, workers: workers)
        var moments: [(due: MonotonicInstant, url: Int)] = []
        for worker in 0..<workers {
            let own = Set(dealing.urls(of: worker))
            for url in 0..<urls {
                var schedule = dealing.schedule(of: worker, url: url, from: start, rate: .perSecond(1000))
                #expect((schedule != nil) == own.contains(url))
                for _ in 0..<60 { if let due = schedule?.take() { moments.append((due, url)) } }
            }
        }
        moments.sort { $0.due < $1.due }
        for (index, moment) in moments.prefix(60).enumerated() {
            #expect(moment.due == start.advanced(by: .milliseconds(index)))
            #expect(moment.url == index % urls)
        }
    }

    @Test("and a number of requests at a rate ends behind the last of them", arguments: [1, 3, 1000, 1_000_000_000])
    func end(count: Int) {
        let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
        var settings = LoadSettings()
        settings.requests = count
        settings.duration = nil
        settings.warmup = .milliseconds(500)
        settings.rate = RequestRate(milliPerSecond: 3_000_000)
        let window = RunWindow(from: start, LoadPlan([], settings))
        let schedule = RateSchedule(from: start, rate: .perSecond(3000))
        #expect(window.last == .distantFuture)
        if count <= 1000 { #expect(schedule.untaken(from: window.measured, to: window.end) == count) }
        // Whichever comes first.
        settings.duration = .seconds(2)
        let both = RunWindow(from: start, LoadPlan([], settings))
        #expect(both.end == min(window.end, both.measured.advanced(by: .seconds(2))))
        // A time beyond all times is no trap.
        settings.rate = RequestRate(milliPerSecond: 1)
        settings.duration = nil
        #expect(RunWindow(from: start, LoadPlan([], settings)).end > both.end)
    }
}
