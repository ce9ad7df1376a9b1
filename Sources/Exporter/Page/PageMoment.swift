import AsyncHTTP

/// What the page is of: it says what is shown at a moment, and to the second how old that is.
struct PageMoment: Sendable, Hashable {
    private let number: UInt64
    private let second: Int64

    init(_ moment: Moment, at now: MonotonicInstant = .now) {
        number = moment.number
        second = now.nanoseconds / 1_000_000_000
    }
}
