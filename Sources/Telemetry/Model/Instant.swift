/// A point in time in whole milliseconds since 1970, or none: half the size of an optional `Duration`.
struct Instant: Sendable, Hashable {
    static let none = Instant(nil)
    /// Beyond it a reader that computes in floating point would be wrong by more than a millisecond.
    private static let furthest: Int64 = 1 << 53

    private let stored: Int64

    init(_ time: Duration?) {
        let furthest = Duration.milliseconds(Self.furthest)
        guard let time, time >= .zero - furthest, time <= furthest else {
            stored = .min
            return
        }
        let (seconds, attoseconds) = time.components
        stored = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    var milliseconds: Int64? { stored == .min ? nil : stored }

    var sinceEpoch: Duration? { milliseconds.map { .milliseconds($0) } }
}
