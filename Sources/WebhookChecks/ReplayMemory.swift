import Digests

/// Which webhooks were let in, for as long as their signatures are good.
struct ReplayMemory {
    enum Finding: Sendable, Hashable {
        case new
        case known
        case full
    }

    /// Half of a digest, which is as good as unique.
    struct Fingerprint: Sendable, Hashable {
        private let high: UInt64
        private let low: UInt64

        init(_ signedText: [UInt8]) {
            let bytes = Digest.sha256(signedText).bytes
            high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
            low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private let capacity: Int
    /// By the second in which they were signed.
    private var seconds: [Int64: Set<Fingerprint>] = [:]
    private var horizon = Int64.min
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes one in, unless it is known. What is good is never forgotten to make room.
    ///
    /// - Parameter earliest: what was signed before this second is not good any more.
    mutating func remember(_ webhook: Fingerprint, signedAt second: Int64, earliest: Int64) -> Finding {
        forget(before: earliest)
        if seconds[second]?.contains(webhook) == true { return .known }
        guard count < capacity else { return .full }
        seconds[second, default: []].insert(webhook)
        count += 1
        return .new
    }

    mutating func forget(_ webhook: Fingerprint, signedAt second: Int64) {
        guard seconds[second]?.remove(webhook) != nil else { return }
        count -= 1
    }

    private mutating func forget(before earliest: Int64) {
        guard earliest > horizon else { return }
        horizon = earliest
        for (second, webhooks) in seconds where second < earliest {
            seconds[second] = nil
            count -= webhooks.count
        }
    }
}
