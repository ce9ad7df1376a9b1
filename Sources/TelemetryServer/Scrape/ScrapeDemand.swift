package import AsyncHTTP
import Synchronization

/// What scrapers have asked for lately: that is made before they ask again, and nothing else.
package final class ScrapeDemand: Sendable {
    /// Longer than anybody waits between two scrapes.
    private static let memory = Duration.seconds(600)

    /// A bit for each representation that has been asked for since the last look.
    private let asked = Atomic<UInt64>(0)
    private let latest = Mutex<[MonotonicInstant?]>(Array(repeating: nil, count: Representation.all.count))

    package init() {}

    /// Somebody has asked since the last look.
    package var isThere: Bool { asked.load(ordering: .relaxed) != 0 }

    package func note(_ representation: Representation) {
        let bit: UInt64 = 1 &<< UInt64(representation.number)
        // Almost always set already, and then nothing is written that another thread reads.
        if asked.load(ordering: .relaxed) & bit == 0 { asked.bitwiseOr(bit, ordering: .relaxed) }
    }

    /// Looks: what has been asked for in the last ten minutes.
    package func recent(at now: MonotonicInstant) -> [Representation] {
        let asked = asked.exchange(0, ordering: .relaxed)
        return latest.withLock { latest in
            Representation.all.filter { representation in
                let number = representation.number
                if asked & 1 &<< UInt64(number) != 0 { latest[number] = now }
                return latest[number].map { $0.duration(to: now) < Self.memory } ?? false
            }
        }
    }
}

/// Makes what nobody has asked for lately, on the loop that renders: whoever asks waits, others do not.
package actor ScrapeMaker {
    private nonisolated let loop: EventLoop

    package init(on loop: EventLoop) {
        self.loop = loop
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    package func make(_ representation: Representation, of snapshot: ScrapeSnapshot) throws -> PreparedResponse {
        try snapshot.made(representation)
    }
}
