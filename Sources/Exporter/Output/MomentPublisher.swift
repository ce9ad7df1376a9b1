import Cache
import Synchronization
import Telemetry
import TelemetryServer

/// Renders everything that is exported while a verdict stands, and hands out what was rendered last. Only the polling loop
/// renders; scrapes read.
final class MomentPublisher: ScrapeHolder {
    private let catalogue: FamilyCatalogue
    private let moments: SnapshotCell<Moment>
    /// Somebody has scraped since the last render.
    private let isWanted = Atomic<Bool>(false)

    init(_ catalogue: FamilyCatalogue, first verdict: Verdict) throws {
        self.catalogue = catalogue
        moments = SnapshotCell(try Moment(0, verdict, catalogue.families(verdict)))
    }

    /// What is shown now.
    var moment: Moment { moments.read() }

    /// The verdict that stands now.
    var verdict: Verdict { moment.verdict }

    /// Makes this verdict the one that is scraped and shown from now on.
    func publish(_ verdict: Verdict) {
        isWanted.store(false, ordering: .relaxed)
        catalogue.metrics.renders.increment()
        // The same fields were valid for the first moment.
        if let moment = try? Moment(moment.number &+ 1, verdict, catalogue.families(verdict)) {
            moments.publish(moment)
        }
    }

    /// Renders the counters anew under the same verdict, if somebody has scraped since the last time.
    func renewIfWanted() {
        if isWanted.load(ordering: .relaxed) { publish(verdict) }
    }

    func scrape() -> ScrapeSnapshot {
        // Almost always true already, and then nothing is written that another thread reads.
        if !isWanted.load(ordering: .relaxed) { isWanted.store(true, ordering: .relaxed) }
        return moments.read().scrape
    }
}
