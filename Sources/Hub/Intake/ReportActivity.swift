import AsyncHTTP
import Synchronization

/// How many reports came in the last minutes, by what became of them: counters tell how many there ever were.
final class ReportActivity: Sendable {
    /// What came in a time that is over now.
    struct Recent: Sendable {
        var time = Duration.zero
        var reports: [ReportResult: Double] = [:]

        /// How many were not taken, the commonest reason first.
        var refused: [(result: ReportResult, count: Double)] {
            ReportResult.allCases.filter(\.isRefusal).map { (result: $0, count: reports[$0] ?? 0) }
                .filter { $0.count > 0 }.sorted { $0.count > $1.count }
        }
    }

    /// The counters at one moment.
    private struct Reading: Sendable {
        let instant: MonotonicInstant
        let reports: [ReportResult: Double]
    }

    private static let step = Duration.seconds(10)
    /// Five minutes of them.
    private static let steps = 30

    private let metrics: HubMetrics
    /// The oldest first.
    private let readings: Mutex<[Reading]>

    init(_ metrics: HubMetrics, at now: MonotonicInstant = .now) {
        self.metrics = metrics
        readings = Mutex([Reading(instant: now, reports: metrics.allReports)])
    }

    /// Remembers the counters, if it is time to. To be called once a second.
    func note(at now: MonotonicInstant) {
        readings.withLock { readings in
            guard let last = readings.last, last.instant.duration(to: now) >= Self.step else { return }
            readings.append(Reading(instant: now, reports: metrics.allReports))
            if readings.count > Self.steps { readings.removeFirst() }
        }
    }

    func recent(at now: MonotonicInstant) -> Recent {
        guard let first = readings.withLock({ $0.first }) else { return Recent() }
        let reports = metrics.allReports.reduce(into: [ReportResult: Double]()) { reports, counted in
            reports[counted.key] = counted.value - (first.reports[counted.key] ?? 0)
        }
        return Recent(time: first.instant.duration(to: now), reports: reports)
    }
}

extension HubMetrics {
    fileprivate var allReports: [ReportResult: Double] {
        ReportResult.allCases.reduce(into: [:]) { $0[$1] = reports($1) }
    }
}

extension ReportResult {
    var isRefusal: Bool { self != .accepted && self != .duplicate }
}
