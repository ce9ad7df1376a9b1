import AsyncHTTP
import Service

/// A moment by both clocks: the one that is reckoned with, and the one that people read.
struct Occasion: Sendable, Hashable {
    let instant: MonotonicInstant
    /// Since 1970.
    let sinceEpoch: Duration

    init(_ instant: MonotonicInstant, sinceEpoch: Duration) {
        self.instant = instant
        self.sinceEpoch = sinceEpoch
    }

    static var now: Occasion { Occasion(.now, sinceEpoch: WallClock.sinceEpoch) }

    /// Another moment, as the wall clock is set now.
    func at(_ other: MonotonicInstant) -> Occasion {
        Occasion(other, sinceEpoch: sinceEpoch + instant.duration(to: other))
    }

    /// How long it is from here to there.
    func duration(to other: Occasion) -> Duration { instant.duration(to: other.instant) }
}
