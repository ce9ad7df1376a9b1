import AsyncHTTP

/// When one scraper asks: every interval, beginning anywhere in the first one, and a little early or late each time.
///
/// Scrapers that were started one by one, by different people, do not come at the same moment. The lateness of one scrape
/// does not move the next.
struct ScraperSchedule: Sendable {
    /// How far a scrape lies from its place, as a part of the interval.
    static let jitter = 0.05

    private let start: MonotonicInstant
    /// Nanoseconds.
    private let interval: Double
    private let phase: Double
    private var taken = 0

    /// - Parameter phase: where in the interval it begins, from 0 to 1.
    init(from start: MonotonicInstant, interval: Duration, phase: Double) {
        self.start = start
        self.interval = Double(interval.clampedNanoseconds)
        self.phase = phase
    }

    /// - Parameter shift: how early or late it is this time, from -1 to 1.
    mutating func take(shift: Double) -> MonotonicInstant {
        let offset = max(0, (phase + Double(taken) + shift * Self.jitter) * interval)
        taken += 1
        return MonotonicInstant(nanoseconds: start.nanoseconds &+ Int64(offset))
    }
}
