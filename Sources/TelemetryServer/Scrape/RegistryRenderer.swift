package import AsyncHTTP
import Cache
package import Telemetry

/// Renders a registry again and again, and holds what was rendered last.
package final class RegistryRenderer: ScrapeHolder {
    private static let tick = Duration.seconds(1)
    /// More often would cost more than anybody could see.
    private static let shortest = Duration.milliseconds(10)

    private let registry: Registry
    private let interval: Duration
    private let latest: SnapshotCell<ScrapeSnapshot>

    package init(_ registry: Registry, every interval: Duration) throws {
        self.registry = registry
        self.interval = max(interval, Self.shortest)
        latest = SnapshotCell(try ScrapeSnapshot(RenderedMetrics(registry)))
    }

    package var version: UInt64 { latest.version }

    /// All of them are finished: a collector that hangs would hang whoever waits for one to be made.
    package func scrape(_ representation: Representation) -> PreparedResponse? { latest.read()[representation] }

    package func made(_ representation: Representation) throws -> PreparedResponse {
        try latest.read().made(representation)
    }

    /// Goes on until the task is cancelled or somebody has had enough, and says about once a second that it does.
    package func run<Time: Clock>(_ clock: Time, while goesOn: () -> Bool, beat: () -> Void) async
    where Time.Duration == Duration {
        var due = clock.now
        while goesOn(), !Task.isCancelled {
            if clock.now >= due {
                render()
                due = clock.now.advanced(by: interval)
            }
            beat()
            try? await clock.sleep(until: min(due, clock.now.advanced(by: Self.tick)), tolerance: nil)
        }
    }

    private func render() {
        // The same fields were valid for the first snapshot.
        if let snapshot = try? ScrapeSnapshot(RenderedMetrics(registry)) { latest.publish(snapshot) }
    }
}
