package import AsyncHTTP

/// How bytes travel in a test: in which pieces, with which pauses, and how much at a time. The same seed gives the same again.
public struct NetworkConditions: Sendable, Hashable {
    /// The most bytes that arrive at once.
    public var piece = Int.max
    /// Pieces have any size up to `piece` instead of just that.
    public var isUneven = false
    /// One transfer in so many has to wait first; 0 is none.
    public var stalls = 0
    /// The most bytes that one send gets rid of.
    public var room = Int.max
    /// How many bytes may be on their way before the sender has to wait for the reader.
    public var window = 1 << 20
    /// Decides everything that is left to chance.
    public var seed: UInt64 = 0

    /// A network that does whatever is asked of it at once.
    public init() {}

    /// Everything arrives byte by byte.
    public static var bytewise: NetworkConditions {
        var conditions = NetworkConditions()
        conditions.piece = 1
        return conditions
    }

    /// What a network may do at its worst: uneven pieces, pauses, and sends that get rid of little.
    public static func rough(seed: UInt64) -> NetworkConditions {
        var conditions = NetworkConditions()
        conditions.piece = 40
        conditions.isUneven = true
        conditions.stalls = 3
        conditions.room = 100
        conditions.window = 300
        conditions.seed = seed
        return conditions
    }

    package var transfers: Transfers {
        var transfers = Transfers()
        transfers.piece = piece
        transfers.isUneven = isUneven
        transfers.stalls = stalls
        transfers.room = room
        transfers.window = window
        transfers.seed = seed
        return transfers
    }
}
