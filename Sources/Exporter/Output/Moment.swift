import Telemetry
import TelemetryServer

/// What is shown from one moment to the next: the verdict, the families that it became, and the finished answers that say the
/// same. Whoever reads them from one moment reads one truth: scrapers the answers, page and health the verdict, and what sends
/// metrics elsewhere the families.
final class Moment: Sendable {
    /// Each has one more than the one before.
    let number: UInt64
    let verdict: Verdict
    let load: LoadAccount
    let timeline: Timeline
    let families: [MetricFamily]
    let scrape: ScrapeSnapshot

    /// - Parameter ready: what scrapers will ask for.
    init(
        _ number: UInt64,
        _ verdict: Verdict,
        _ load: LoadAccount,
        _ timeline: Timeline,
        _ families: [MetricFamily],
        ready: [Representation]
    ) throws {
        self.number = number
        self.verdict = verdict
        self.load = load
        self.timeline = timeline
        self.families = families
        scrape = try ScrapeSnapshot(RenderedMetrics(families, inAdvance: false), ready: ready)
    }
}
