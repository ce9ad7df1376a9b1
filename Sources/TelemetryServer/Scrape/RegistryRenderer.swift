package import AsyncHTTP
import Cache
package import Telemetry

/// Reads a registry again and again, and makes of what was read last what scrapers ask for.
package final class RegistryRenderer: ScrapeHolder {
    private static let tick = Duration.seconds(1)
    /// More often would cost more than anybody could see.
    private static let shortest = Duration.milliseconds(10)

    private let registry: Registry
    private let interval: Duration
    private let latest: SnapshotCell<ScrapeSnapshot>
    private let demand = ScrapeDemand()

    package init(_ registry: Registry, every interval: Duration) throws {
        self.registry = registry
        self.interval = max(interval, Self.shortest)
        latest = SnapshotCell(try Self.snapshot(registry, ready: Representation.all))
    }

    package var version: UInt64 { latest.version }

    package func scrape(_ representation: Representation) -> PreparedResponse? {
        demand.note(representation)
        return latest.read()[representation]
    }

    /// Made by whoever asks: the loop that reads the registry may hang in a collector.
    package func made(_ representation: Representation) throws -> PreparedResponse {
        try latest.read().made(representation)
    }

    /// Goes on until the task is cancelled or somebody has had enough, and says about once a second that it does.
    package func run<Time: Clock>(_ clock: Time, while goesOn: () -> Bool, beat: () -> Void) async
    where Time.Instant == MonotonicInstant {
        var due = clock.now
        while goesOn(), !Task.isCancelled {
            if clock.now >= due {
                render(at: clock.now)
                due = clock.now.advanced(by: interval)
            }
            beat()
            try? await clock.sleep(until: min(due, clock.now.advanced(by: Self.tick)), tolerance: nil)
        }
    }

    private func render(at now: MonotonicInstant) {
        // The same fields were valid for the first snapshot.
        if let snapshot = try? Self.snapshot(registry, ready: demand.recent(at: now)) { latest.publish(snapshot) }
    }

    private static func snapshot(_ registry: Registry, ready: [Representation]) throws -> ScrapeSnapshot {
        try ScrapeSnapshot(RenderedMetrics(registry.gather(), inAdvance: false), ready: ready)
    }
}
