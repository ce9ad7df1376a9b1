package import AsyncHTTP
import Cache
import Synchronization
package import Telemetry

/// Reads a registry again and again, and makes of what was read last what scrapers ask for.
///
/// Where that is quick, a scrape reads it, too, so that whoever asks sees what has just been counted: twenty times what it takes
/// is how old an answer may be, and so a twentieth of a processor is what scrapes can make of it, however many there are.
package final class RegistryRenderer: ScrapeHolder {
    private static let tick = Duration.seconds(1)
    /// More often would cost more than anybody could see.
    private static let shortest = Duration.milliseconds(10)
    /// A scrape that takes more would hold up others on its loop: it has what was read before.
    private static let quick = Duration.milliseconds(5)

    private struct Reading: Sendable {
        let snapshot: ScrapeSnapshot
        let began: MonotonicInstant
        /// Processor time that it took to read, and to make what was asked for.
        let cost: Duration

        func isTooOld(at now: MonotonicInstant) -> Bool { cost < quick && began.duration(to: now) > cost * 20 }
    }

    /// What time it is, and how much of it the thread has had on a processor.
    package struct Clocks: Sendable {
        let now: @Sendable () -> MonotonicInstant
        let spent: @Sendable () -> Duration

        package init(
            now: @escaping @Sendable () -> MonotonicInstant = { .now },
            spent: @escaping @Sendable () -> Duration = { ProcessorTime.ofThread }
        ) {
            self.now = now
            self.spent = spent
        }
    }

    private let registry: Registry
    private let interval: Duration
    private let readsOnScrape: Bool
    private let clocks: Clocks
    private let latest: SnapshotCell<Reading>
    private let demand = ScrapeDemand()
    /// One reads at a time, so that nothing is followed by what was before it; others who come meanwhile wait for what it reads.
    private let reading = Mutex(())

    /// - Parameters:
    ///   - readsOnScrape: collectors run on serving loops, too, so none may wait for anything.
    package init(
        _ registry: Registry,
        every interval: Duration,
        readsOnScrape: Bool = false,
        clocks: Clocks = Clocks()
    ) throws {
        self.registry = registry
        self.interval = max(interval, Self.shortest)
        self.readsOnScrape = readsOnScrape
        self.clocks = clocks
        latest = SnapshotCell(try Self.read(registry, ready: Representation.all, clocks))
    }

    /// What has become too old is another moment's, so that nobody goes on with it.
    package var version: UInt64 { latest.version &<< 1 | (isTooOld ? 1 : 0) }

    package func scrape(_ representation: Representation) -> PreparedResponse? {
        demand.note(representation)
        let reading = latest.read()
        if readsOnScrape, reading.isTooOld(at: clocks.now()) { return nil }
        return reading.snapshot[representation]
    }

    /// Made by whoever asks: the loop that reads the registry may hang in a collector.
    package func made(_ representation: Representation) throws -> PreparedResponse {
        guard isTooOld else { return try latest.read().snapshot.made(representation) }
        return try reading.withLock { _ in
            if isTooOld { latest.publish(try Self.read(registry, ready: [representation], clocks)) }
            return try latest.read().snapshot.made(representation)
        }
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

    private var isTooOld: Bool { readsOnScrape && latest.read().isTooOld(at: clocks.now()) }

    private func render(at instant: MonotonicInstant) {
        let ready = demand.recent(at: instant)
        reading.withLock { _ in
            // The same fields were valid for the first snapshot.
            if let reading = try? Self.read(registry, ready: ready, clocks) { latest.publish(reading) }
        }
    }

    private static func read(
        _ registry: Registry,
        ready: [Representation],
        _ clocks: Clocks
    ) throws -> Reading {
        let (began, spent) = (clocks.now(), clocks.spent())
        let snapshot = try ScrapeSnapshot(RenderedMetrics(registry.gather(), inAdvance: false), ready: ready)
        return Reading(snapshot: snapshot, began: began, cost: clocks.spent() - spent)
    }
}
