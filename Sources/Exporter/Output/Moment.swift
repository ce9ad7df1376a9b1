import Telemetry
import TelemetryServer

/// What is shown from one moment to the next: the verdict, the families that it became, and the finished answers that say the
/// same. Whoever reads them from one moment reads one truth: scrapers the answers, page and health the verdict, and what sends
/// metrics elsewhere the families.
final class Moment: Sendable {
    let verdict: Verdict
    let families: [MetricFamily]
    let scrape: ScrapeSnapshot

    init(_ verdict: Verdict, _ families: [MetricFamily]) throws {
        self.verdict = verdict
        self.families = families
        scrape = try ScrapeSnapshot(RenderedMetrics(families))
    }
}
