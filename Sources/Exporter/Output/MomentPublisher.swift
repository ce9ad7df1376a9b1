import AsyncHTTP
import Cache
import Service
import Telemetry
import TelemetryServer

/// Renders everything that is exported while a verdict stands, and hands out what was rendered last. Only the polling loop
/// renders; scrapes read.
final class MomentPublisher: ScrapeHolder {
    private let catalogue: FamilyCatalogue
    private let moments: SnapshotCell<Moment>
    private let demand = ScrapeDemand()
    private let maker: ScrapeMaker
    private let wallClock: @Sendable () -> Duration

    /// - Parameters:
    ///   - wallClock: the time since 1970, kept with what happens.
    ///   - loop: where everything is rendered.
    init(
        _ catalogue: FamilyCatalogue,
        first verdict: Verdict,
        _ rules: VerdictConfiguration,
        at now: MonotonicInstant = .now,
        wallClock: @escaping @Sendable () -> Duration = { WallClock.sinceEpoch },
        on loop: EventLoop
    ) throws {
        self.catalogue = catalogue
        self.wallClock = wallClock
        maker = ScrapeMaker(on: loop)
        let load = LoadAccount(rules)
        let timeline = Timeline(verdict, at: Occasion(now, sinceEpoch: wallClock()))
        let families = catalogue.families(verdict, load, at: now)
        moments = SnapshotCell(try Moment(0, verdict, load, timeline, families, ready: []))
    }

    /// What is shown now.
    var moment: Moment { moments.read() }

    /// The verdict that stands now.
    var verdict: Verdict { moment.verdict }

    /// Makes this verdict the one that is scraped and shown from now on.
    func publish(_ verdict: Verdict, at now: MonotonicInstant) {
        let ready = demand.recent(at: now)
        catalogue.metrics.renders.increment()
        let latest = moment
        let load = latest.load.after(verdict, at: now)
        let timeline = latest.timeline.after(verdict, at: Occasion(now, sinceEpoch: wallClock()))
        let families = catalogue.families(verdict, load, at: now)
        // The same fields were valid for the first moment.
        if let moment = try? Moment(latest.number &+ 1, verdict, load, timeline, families, ready: ready) {
            moments.publish(moment)
        }
    }

    /// Renders the counters anew under the same verdict, if somebody has scraped since the last time.
    func renewIfWanted(at now: MonotonicInstant) {
        if demand.isThere { publish(verdict, at: now) }
    }

    // MARK: Scrapes

    var version: UInt64 { moments.version }

    func scrape(_ representation: Representation) -> PreparedResponse? {
        demand.note(representation)
        return moments.read().scrape[representation]
    }

    func made(_ representation: Representation) async throws -> PreparedResponse {
        try await maker.make(representation, of: moments.read().scrape)
    }
}
