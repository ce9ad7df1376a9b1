import AsyncHTTP

/// When one scraper asks: every interval, beginning anywhere in the first one, and a little early or late each time.
///
/// Scrapers that were started one by one, by different people, do not come at the same moment. The lateness of one scrape
/// does not move the next.
struct ScraperSchedule: Sendable {
    /// How far a scrape lies from its place, as a part of the interval.
    static let jitter = 0.05

    private let first: MonotonicInstant
    private let start: MonotonicInstant
    private let interval: Duration
    private var taken = 0

    init(
        from start: MonotonicInstant,
        interval: Duration,
        using generator: inout some RandomNumberGenerator
    ) {
        self.start = start
        self.interval = interval
        first = start.advanced(by: interval * Double.random(in: 0..<1, using: &generator))
    }

    mutating func take(using generator: inout some RandomNumberGenerator) -> MonotonicInstant {
        let shift = Double.random(in: -Self.jitter...Self.jitter, using: &generator)
        let moment = first.advanced(by: interval * (Double(taken) + shift))
        taken += 1
        return max(start, moment)
    }
}
