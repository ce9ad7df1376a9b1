/// Counts the samples of a log: the sequence of their report, and their place in it.
struct SampleID: Sendable, Hashable, Comparable {
    /// Enough for the samples of one report; and a number of which JavaScript can hold 500 billion reports.
    private static let placeBits: Int64 = 14
    static let places = 1 << Int(placeBits)

    let number: Int64

    init(number: Int64) {
        self.number = number
    }

    init(sequence: Int64, place: Int) {
        number = sequence << Self.placeBits | Int64(place)
    }

    var sequence: Int64 { number >> Self.placeBits }
    var place: Int { Int(number & Int64(Self.places - 1)) }

    static func < (one: SampleID, other: SampleID) -> Bool { one.number < other.number }
}
