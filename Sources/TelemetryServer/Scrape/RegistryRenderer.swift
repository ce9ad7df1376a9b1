import Cache
import Telemetry

/// Renders a registry again and again, and holds what was rendered last.
final class RegistryRenderer: ScrapeSource {
    private static let tick = Duration.seconds(1)

    private let registry: Registry
    private let interval: Duration
    private let latest: SnapshotCell<ScrapeSnapshot>

    init(_ registry: Registry, every interval: Duration) throws {
        self.registry = registry
        self.interval = max(interval, .milliseconds(1))
        latest = SnapshotCell(try ScrapeSnapshot(RenderedMetrics(registry)))
    }

    func scrape() -> ScrapeSnapshot { latest.read() }

    /// Goes on until the task is cancelled, and says about once a second that it does.
    func run<Time: Clock>(_ clock: Time, beat: () -> Void) async where Time.Duration == Duration {
        var due = clock.now
        while !Task.isCancelled {
            if clock.now >= due {
                render()
                due = clock.now.advanced(by: interval)
            }
            beat()
            try? await clock.sleep(for: min(interval, Self.tick))
        }
    }

    private func render() {
        // The same fields were valid for the first snapshot.
        if let snapshot = try? ScrapeSnapshot(RenderedMetrics(registry)) { latest.publish(snapshot) }
    }
}
