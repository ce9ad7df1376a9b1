import TelemetryServer

/// What is shown from one moment to the next: the verdict, and the finished answers that say the same. Whoever reads both
/// from one moment reads one truth.
final class Moment: Sendable {
    let verdict: Verdict
    let scrape: ScrapeSnapshot

    init(_ verdict: Verdict, _ scrape: ScrapeSnapshot) {
        self.verdict = verdict
        self.scrape = scrape
    }
}
