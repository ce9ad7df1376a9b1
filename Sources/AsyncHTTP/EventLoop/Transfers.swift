/// How bytes travel through a stream in memory: in which pieces, with which pauses, and how much of it at a time is let in.
/// What a network may do at its worst, and the same again for the same seed.
package struct Transfers: Sendable, Hashable {
    /// The most bytes that one receive gets.
    package var piece = Int.max
    /// Pieces have any size up to `piece` instead of just that.
    package var isUneven = false
    /// One transfer in so many finds nothing, or no room, and has to wait for the next tick; 0 is none.
    package var stalls = 0
    /// The most bytes that one send gets rid of.
    package var room = Int.max
    /// How much may be on its way before the sender has to wait for the reader.
    package var window = 1 << 20
    /// After so many received bytes there is a pause, once; nil is none.
    package var cut: Int?
    package var seed: UInt64 = 0

    package init() {}
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
package struct TransferDice {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Once in so many times.
    mutating func happens(onceIn count: Int) -> Bool {
        count > 0 && next() % UInt64(count) == 0
    }

    /// From 1 to `most`.
    package mutating func upTo(_ most: Int) -> Int {
        1 + Int(next() % UInt64(max(1, most)))
    }
}
