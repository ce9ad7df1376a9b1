import AsyncHTTP
import Testing

@testable import LoadTestKit

@Suite("Schedules")
struct ScheduleTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    private func at(_ seconds: Double) -> MonotonicInstant { start.advanced(by: .seconds(seconds)) }

    @Test("the moments of a rate do not drift", arguments: [1, 3, 7, 5000, 99_999] as [Int64])
    func rate(perSecond: Int64) {
        var schedule = RateSchedule(from: start, rate: .perSecond(perSecond))
        for index in 0..<perSecond * 3 {
            let exact = Double(index) / Double(perSecond)
            #expect(abs((start.duration(to: schedule.take()) / .seconds(1)) - exact) < 2e-9)
        }
        #expect(start.duration(to: schedule.take()) == .seconds(3))
    }

    @Test("a slow rate is one of thousandths")
    func slow() {
        var schedule = RateSchedule(from: start, rate: RequestRate(milliPerSecond: 500))
        _ = schedule.take()
        #expect(schedule.take() == at(2))
    }

    @Test("the shares of several workers are the whole", arguments: 1...5)
    func shares(workers: Int) {
        var whole = RateSchedule(from: start, rate: .perSecond(1000))
        let all = (0..<workers * 40).map { _ in whole.take() }
        let parts = (0..<workers).flatMap { number in
            var part = RateSchedule(from: start, rate: .perSecond(1000), worker: number, of: workers)
            return (0..<40).map { _ in part.take() }
        }
        #expect(parts.sorted() == all)
    }

    @Test(
        "what nobody has taken is counted, and only within the measurement",
        arguments: [0, 1, 2, 49, 50, 51, 99, 100, 150]
    )
    func untaken(taken: Int) {
        for (worker, workers) in [(0, 1), (1, 3)] {
            var schedule = RateSchedule(from: start, rate: .perSecond(100), worker: worker, of: workers)
            let all = (0..<300).map { Double($0 * workers + worker) / 100 }
            for _ in 0..<taken { _ = schedule.take() }
            let expected = all[taken...].filter { $0 >= 0.5 && $0 < 1 }.count
            #expect(schedule.untaken(from: at(0.5), to: at(1)) == expected)
        }
    }

    @Test("a scraper asks once per interval, near its place, from the start on", arguments: [0, 0.01, 0.5, 0.99])
    func scraper(phase: Double) {
        var schedule = ScraperSchedule(from: start, interval: .seconds(1), phase: phase)
        let moments = (0..<50).map { _ in
            start.duration(to: schedule.take(shift: .random(in: -1...1))) / .seconds(1)
        }
        for (index, moment) in moments.enumerated() {
            let place = phase + Double(index)
            // Lateness does not add up, and nothing comes before the start.
            #expect(abs(moment - place) <= ScraperSchedule.jitter + 1e-6)
            #expect(moment >= 0)
        }
        #expect(Set(moments.map { $0 - moments[0].rounded(.down) }).count == 50)
        var early = ScraperSchedule(from: start, interval: .seconds(10), phase: 0.5)
        #expect(early.take(shift: -1) == at(4.5))
        #expect(early.take(shift: 1) == at(15.5))
    }
}
