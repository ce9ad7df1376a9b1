/// The heads that a loop answers without reading them, of all its connections. A peer chooses what it sends, so it does not
/// choose how much is kept here, nor where: few heads, none of them long, entered when they are seen for the second time, and
/// found by a hash under a key of this table's own.
final class KnownHeads {
    private enum Size {
        static let sets = 16
        /// Heads of one set, of which the one that was not asked for longest makes room.
        static let ways = 4
        static let longest = 2048
        /// Shorter ones are no heads.
        static let shortest = 16
    }

    private let key = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    private let budget: PendingBudget
    /// Empty until there is a first one.
    private var places: [KnownHead?] = []
    /// Heads that have been seen once; nil before the first.
    private var sightings: Sightings?
    private var uses: UInt64 = 0

    /// - Parameter budget: what they keep is charged to it.
    init(_ budget: PendingBudget) {
        self.budget = budget
    }

    deinit {
        forgetAll()
    }

    /// How many there are.
    var count: Int { places.count { $0 != nil } }

    /// The one with these bytes from there.
    func find(_ received: RawSpan, from origin: @autoclosure () -> KnownHead.Origin) -> KnownHead? {
        guard !places.isEmpty, Self.isOfInterest(received.byteCount) else { return nil }
        let hash = hash(received)
        let places = places
        for index in Self.set(of: hash) {
            guard let head = places[index], head.hash == hash, head.matches(received, from: origin()) else { continue }
            use(head)
            return head
        }
        return nil
    }

    /// Whether it has been seen before; from now on it has. Nil when heads like this one are not kept.
    func sight(_ head: RequestHead) -> UInt64? {
        let bytes = head.fields.bytes
        guard Self.isOfInterest(bytes.count) else { return nil }
        let hash = unsafe hash(bytes.span.bytes)
        let sightings = sightings ?? Sightings()
        self.sightings = sightings
        return sightings.note(hash) ? hash : nil
    }

    /// Keeps it, in place of another if need be, unless what is kept for all connections has no room for it.
    func remember(_ head: KnownHead) {
        guard budget.chargeSpare(head.heldBytes) else { return }
        if places.isEmpty { places = Array(repeating: nil, count: Size.sets * Size.ways) }
        let set = Self.set(of: head.hash)
        let index =
            set.first { places[$0]?.isLike(head) == true } ?? set.first { places[$0] == nil }
            ?? set.min { lastUse($0) < lastUse($1) } ?? set.lowerBound
        if let previous = places[index] { leave(previous) }
        use(head)
        place(head, at: index)
    }

    /// Answers that have been replaced would otherwise stay until their heads come again: as many as there are heads, each
    /// perhaps of another moment.
    func letGoOfReplaced() {
        for head in places { head?.letGoOfReplaced() }
    }

    /// One that is not admitted any more.
    func forget(_ head: KnownHead) {
        if places.isEmpty { return }
        for index in Self.set(of: head.hash) where places[index] === head { vacate(index) }
    }

    func forgetAll() {
        for index in places.indices { vacate(index) }
        places = []
        sightings = nil
    }

    private func vacate(_ index: Int) {
        guard let head = places[index] else { return }
        leave(head)
        place(nil, at: index)
    }

    /// Nothing of it is kept from here on.
    private func leave(_ head: KnownHead) {
        head.wipe()
        _ = budget.charge(-head.heldBytes)
    }

    /// Whole, so that no access to the table lasts: then none has to be checked, the many that only look included.
    private func place(_ head: KnownHead?, at index: Int) {
        var places = places
        places[index] = head
        self.places = places
    }

    private func lastUse(_ index: Int) -> UInt64 { places[index]?.lastUse ?? 0 }

    private func use(_ head: KnownHead) {
        uses = uses &+ 1
        head.lastUse = uses
    }

    private static func isOfInterest(_ count: Int) -> Bool {
        count >= Size.shortest && count <= Size.longest
    }

    private static func set(of hash: UInt64) -> Range<Int> {
        let first = Int(truncatingIfNeeded: hash % UInt64(Size.sets)) &* Size.ways
        return first..<(first &+ Size.ways)
    }

    // MARK: Hashing

    /// Sixteen bytes at a time, each pair multiplied under the key: who does not know it cannot choose heads that meet.
    private func hash(_ bytes: RawSpan) -> UInt64 {
        let last = bytes.byteCount &- 16
        precondition(last >= 0, "a head has more bytes than that")
        var hash = key.0 ^ UInt64(truncatingIfNeeded: bytes.byteCount)
        var offset = 0
        while offset < last {
            hash = mix(bytes, at: offset, into: hash)
            offset &+= 16
        }
        // The last sixteen, which may have been taken in part.
        return mix(bytes, at: last, into: hash)
    }

    /// The offset has been checked, for all of them at once.
    @inline(__always)
    private func mix(_ bytes: RawSpan, at offset: Int, into hash: UInt64) -> UInt64 {
        let (one, other) = unsafe (bytes.uncheckedWord(at: offset), bytes.uncheckedWord(at: offset &+ 8))
        let product = (one ^ key.1).multipliedFullWidth(by: other ^ hash)
        return product.high ^ product.low
    }
}
