import Service
import TelemetryServer

extension TimeText {
    /// `14:03:22 UTC`, with the day when that is not today's.
    static func clock(_ occasion: Occasion, _ now: Occasion) -> String { clock(stamp(occasion), now: stamp(now)) }

    /// RFC 3339 in UTC, for machines.
    static func stamp(_ occasion: Occasion) -> String { WallClock.text(occasion.sinceEpoch) }
}
