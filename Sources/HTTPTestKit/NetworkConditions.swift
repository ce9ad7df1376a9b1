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
    /// After so many bytes that either side has received it has to wait, once; nil is never.
    public var cut: Int?

    /// A network that does whatever is asked of it at once.
    public init() {}

    /// Everything arrives byte by byte.
    public static var bytewise: NetworkConditions {
        var conditions = NetworkConditions()
        conditions.piece = 1
        return conditions
    }

    /// Everything arrives in two parts.
    public static func cut(after count: Int) -> NetworkConditions {
        var conditions = NetworkConditions()
        conditions.cut = count
        return conditions
    }

    /// What a network may do at its worst: uneven pieces, pauses, and sends that get rid of little. How bad each of
    /// them is the seed decides, too.
    public static func rough(seed: UInt64) -> NetworkConditions {
        var dice = TransferDice(seed: ~seed)
        var conditions = NetworkConditions()
        conditions.piece = dice.upTo(120)
        conditions.isUneven = true
        conditions.stalls = 1 + dice.upTo(4)
        conditions.room = dice.upTo(200)
        conditions.window = 20 + dice.upTo(480)
        conditions.seed = seed
        return conditions
    }

    /// A good network, a bytewise one, and as many rough ones as the variable `NETWORK_SEEDS` says: what a suite goes through.
    package static let usual: [NetworkConditions] =
        [NetworkConditions(), .bytewise] + rough(seeds: Environment.variables["NETWORK_SEEDS"].flatMap { Int($0) } ?? 5)

    private static func rough(seeds: Int) -> [NetworkConditions] {
        (0..<max(0, seeds)).map { .rough(seed: UInt64($0)) }
    }

    package var transfers: Transfers {
        var transfers = Transfers()
        transfers.piece = piece
        transfers.isUneven = isUneven
        transfers.stalls = stalls
        transfers.room = room
        transfers.window = window
        transfers.seed = seed
        transfers.cut = cut
        return transfers
    }
}
