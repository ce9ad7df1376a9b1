import Digests

/// Logins that were right, so that none of them has to be computed twice. What is kept of one tells nothing without the key,
/// which only this process has; and it is of no use once the user's stored hash is another.
struct RememberedLogins {
    /// What a login is remembered by.
    struct Key: Sendable {
        private let bytes: [UInt8]

        init() {
            bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        }

        /// Of all of it: the name, the whole password, and what is stored.
        func digest(of login: Login, against stored: PasswordHash?) -> Digest {
            var message: [UInt8] = []
            for part in [login.user, login.password, Array((stored?.text ?? "").utf8)] {
                // The length first, or two logins could make one message.
                message += (0..<8).map { UInt8(truncatingIfNeeded: part.count >> (8 * $0)) }
                message += part
            }
            return Digest.authenticating(message, with: bytes)
        }
    }

    private let capacity: Int
    private var known: Set<Digest> = []
    /// In the order in which they came, as a ring.
    private var order: [Digest] = []
    private var oldest = 0

    /// - Parameter capacity: how many are remembered; the oldest makes room.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    func contains(_ digest: Digest) -> Bool { known.contains(digest) }

    mutating func remember(_ digest: Digest) {
        guard known.insert(digest).inserted else { return }
        if order.count < capacity {
            order.append(digest)
        } else {
            known.remove(order[oldest])
            order[oldest] = digest
            oldest = (oldest + 1) % capacity
        }
    }
}
