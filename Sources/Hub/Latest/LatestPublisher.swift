package import AsyncHTTP
import Cache
import Synchronization
package import Telemetry
package import TelemetryServer

/// Renders what is held, and hands out what was rendered last. One loop renders, once a second at most; scrapes read.
package final class LatestPublisher: ScrapeHolder {
    private let latest: Latest
    private let own: @Sendable () -> [MetricFamily]
    private let renderer: Mutex<LatestRenderer>
    private let snapshots: SnapshotCell<ScrapeSnapshot>
    private let demand = ScrapeDemand()
    private let maker: ScrapeMaker

    /// - Parameters:
    ///   - own: the hub's own metrics, gathered for each render. Their names begin with `agent_hub_`, which no report may use.
    ///   - loop: where everything is rendered.
    package init(_ latest: Latest, beside own: @escaping @Sendable () -> [MetricFamily], on loop: EventLoop) throws {
        self.latest = latest
        self.own = own
        maker = ScrapeMaker(on: loop)
        var renderer = LatestRenderer()
        snapshots = SnapshotCell(try ScrapeSnapshot(renderer.render(latest, beside: own()), ready: []))
        self.renderer = Mutex(renderer)
    }

    /// Forgets what has expired, and makes what is left what is scraped from now on.
    ///
    /// - Parameter wallClock: milliseconds since 1970.
    package func publish(at now: MonotonicInstant, wallClock: Int64) {
        latest.expire(at: wallClock)
        let bodies = renderer.withLock { $0.render(latest, beside: own()) }
        // The same fields were valid for the first snapshot.
        if let snapshot = try? ScrapeSnapshot(bodies, ready: demand.recent(at: now)) { snapshots.publish(snapshot) }
    }

    /// What a few components say, made for one question.
    package func bodies(_ filter: LatestFilter) -> LatestBodies {
        var renderer = LatestRenderer()
        return renderer.render(latest.selection(filter))
    }

    package var version: UInt64 { snapshots.version }

    package func scrape(_ representation: Representation) -> PreparedResponse? {
        demand.note(representation)
        return snapshots.read()[representation]
    }

    package func made(_ representation: Representation) async throws -> PreparedResponse {
        try await maker.make(representation, of: snapshots.read())
    }
}
