package import AsyncHTTP
import Cache
import Synchronization
package import Telemetry

/// Gathers a registry again and again, and makes of what was gathered last what scrapers ask for.
///
/// Where that is quick, a scrape gathers, too, so that whoever asks sees what has just been counted. It pays for it: all of them
/// together may take a twentieth of a processor, and when that is spent they have what was gathered before.
package final class RegistryRenderer: ScrapeHolder {
    private static let tick = Duration.seconds(1)
    /// More often would cost more than anybody could see.
    private static let shortest = Duration.milliseconds(10)
    /// A scrape that takes more of a processor would hold up others on its loop.
    private static let quick = Duration.milliseconds(5)
    /// Scrapes may take one part in so many of a processor's time.
    private static let share: Int64 = 20
    /// What they have not taken they may take later, as far as it is from so long ago.
    private static let saved = Duration.seconds(1)

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

    private struct Gathered: Sendable {
        let snapshot: ScrapeSnapshot
        /// What it took of a processor to gather this, and to make what is ready.
        let cost: Duration
        /// To gather it and to make one representation took little.
        let wasQuick: Bool
    }

    private let registry: Registry
    private let interval: Duration
    private let rendersOnScrape: Bool
    private let clocks: Clocks
    private let latest: SnapshotCell<Gathered>
    private let demand = ScrapeDemand()
    /// One gathers at a time, so that nothing is followed by what was before it.
    private let turn = Mutex(())
    /// When everything that was taken is paid for, in nanoseconds.
    private let paidUntil: Atomic<Int64>

    /// - Parameters:
    ///   - rendersOnScrape: collectors run on serving loops, too, so none may wait for anything.
    package init(
        _ registry: Registry,
        every interval: Duration,
        rendersOnScrape: Bool = false,
        clocks: Clocks = Clocks()
    ) throws {
        self.registry = registry
        self.interval = max(interval, Self.shortest)
        self.rendersOnScrape = rendersOnScrape
        self.clocks = clocks
        paidUntil = Atomic(clocks.now().nanoseconds)
        latest = SnapshotCell(try Self.gathered(registry, Representation.all, clocks))
    }

    /// While a scrape may gather it is another one each time, so that nobody goes on with an answer that he knows.
    package var version: UInt64 {
        mayGather ? UInt64(bitPattern: clocks.now().nanoseconds) | 1 &<< 63 : latest.version
    }

    package func scrape(_ representation: Representation) -> PreparedResponse? {
        demand.note(representation)
        return mayGather ? nil : latest.read().snapshot[representation]
    }

    /// Made by whoever asks: the loop that gathers may hang in a collector.
    package func made(_ representation: Representation) throws -> PreparedResponse {
        if mayGather {
            // Who finds it taken has what was gathered before, and waits for nobody.
            _ = turn.withLockIfAvailable { _ in gather([representation]) }
        }
        let snapshot = latest.read().snapshot
        if let answer = snapshot[representation] { return answer }
        let before = clocks.spent()
        defer { pay(clocks.spent() - before) }
        return try snapshot.made(representation)
    }

    /// Goes on until the task is cancelled or somebody has had enough, and says about once a second that it does.
    package func run<Time: Clock>(_ clock: Time, while goesOn: () -> Bool, beat: () -> Void) async
    where Time.Instant == MonotonicInstant {
        var due = clock.now
        while goesOn(), !Task.isCancelled {
            if clock.now >= due {
                let wanted = demand.recent(at: clock.now)
                turn.withLock { _ in gather(wanted) }
                due = clock.now.advanced(by: interval)
            }
            beat()
            try? await clock.sleep(until: min(due, clock.now.advanced(by: Self.tick)), tolerance: nil)
        }
    }

    /// Scrapes have not taken their share, and it will not take long.
    private var mayGather: Bool {
        guard rendersOnScrape, latest.read().wasQuick else { return false }
        return paidUntil.load(ordering: .relaxed) <= clocks.now().advanced(by: Self.saved).nanoseconds
    }

    /// For whose turn it is.
    private func gather(_ representations: [Representation]) {
        // The same fields were valid for the first snapshot.
        guard let gathered = try? Self.gathered(registry, representations, clocks) else { return }
        pay(gathered.cost)
        latest.publish(gathered)
    }

    private func pay(_ cost: Duration) {
        let price = cost.clampedNanoseconds &* Self.share
        var (isPaid, before) = (false, paidUntil.load(ordering: .relaxed))
        while !isPaid {
            let after = max(before, clocks.now().nanoseconds) &+ price
            (isPaid, before) = paidUntil.compareExchange(expected: before, desired: after, ordering: .relaxed)
        }
    }

    private static func gathered(
        _ registry: Registry,
        _ representations: [Representation],
        _ clocks: Clocks
    ) throws -> Gathered {
        let before = clocks.spent()
        let snapshot = try ScrapeSnapshot(RenderedMetrics(registry.gather(), inAdvance: false), ready: [])
        let gathering = clocks.spent() - before
        var (making, longest) = (Duration.zero, Duration.zero)
        for representation in representations {
            let before = clocks.spent()
            _ = try snapshot.made(representation)
            let took = clocks.spent() - before
            (making, longest) = (making + took, max(longest, took))
        }
        return Gathered(
            snapshot: snapshot,
            cost: gathering + making,
            wasQuick: gathering + longest < quick
        )
    }
}
