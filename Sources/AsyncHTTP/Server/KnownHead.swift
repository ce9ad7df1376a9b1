/// A head that has been read before, and what stands as its answer. What a head means is decided by its bytes, so the same bytes
/// need no second reading; where and from whom it came is compared with them, and what neither decides is looked at each time.
final class KnownHead {
    let hash: UInt64
    let isHead: Bool
    let version: HTTPVersion
    /// Grows with each use of any head.
    var lastUse: UInt64 = 0
    private var bytes: [UInt8]
    private let origin: Origin
    /// What each middleware has admitted it for.
    private let generations: [UInt64]
    let standing: any StandingAnswer
    /// The answer of `seenVersion`.
    private var response: PreparedResponse?
    private var seenVersion: UInt64 = 0

    /// Where a request comes from, as far as that may decide its answer.
    struct Origin: Equatable {
        /// The place of the listener among the server's addresses.
        let listener: Int
        /// Who the peer has proven to be.
        let identity: String?
    }

    init(
        _ head: RequestHead,
        hash: UInt64,
        from origin: Origin,
        generations: [UInt64],
        _ standing: any StandingAnswer
    ) {
        self.hash = hash
        self.origin = origin
        self.generations = generations
        self.standing = standing
        bytes = head.fields.bytes
        isHead = head.method == .head
        version = head.version
    }

    /// What it keeps.
    var heldBytes: Int { bytes.count }

    /// Whether these are its bytes, all of them. They may hold a password: how long this takes tells nothing of where a guess
    /// is wrong.
    func matches(_ received: RawSpan, from origin: Origin) -> Bool {
        guard received.byteCount == bytes.count, origin == self.origin else { return false }
        let bytes = bytes
        return unsafe received.isEqualInConstantTime(to: bytes.span.bytes)
    }

    /// Whether everybody who was asked would admit it still.
    func isAdmitted(by middleware: [any Middleware]) -> Bool {
        if middleware.isEmpty { return true }
        for (each, generation) in zip(middleware, generations) where each.generation != generation { return false }
        return middleware.count == generations.count
    }

    /// What stands now; nil when a handler has to be asked.
    ///
    /// - Parameter table: the one that it is in: when one of its heads has another answer, the others may have, too.
    func answer(in table: KnownHeads) -> PreparedResponse? {
        let version = standing.version
        if version == seenVersion, let response { return response }
        return renewed(version, in: table)
    }

    @inline(never)
    private func renewed(_ version: UInt64, in table: KnownHeads) -> PreparedResponse? {
        guard let current = standing.current(), current.status.isSuccess else { return nil }
        response = current
        seenVersion = version
        table.letGoOfReplaced()
        return current
    }

    /// Does not keep an answer that has been replaced.
    func letGoOfReplaced() {
        if standing.version != seenVersion { response = nil }
    }

    /// Whether it comes from there as well, with the same hash: then one of them is enough.
    func isLike(_ other: KnownHead) -> Bool {
        hash == other.hash && origin == other.origin
    }

    /// Leaves nothing of the bytes in memory.
    func wipe() {
        // Taken first: nobody else holds them then, and they are written over where they are.
        var taken = bytes
        bytes = []
        for index in taken.indices { taken[index] = 0 }
        bytes = taken
    }
}

extension RawSpan {
    /// Eight bytes at a time, to the end whatever differs. Both have at least eight.
    fileprivate func isEqualInConstantTime(to other: RawSpan) -> Bool {
        let last = byteCount &- 8
        precondition(last >= 0 && other.byteCount == byteCount, "heads of one length are compared")
        // The last eight, which may be compared twice in part.
        var difference = unsafe uncheckedWord(at: last) ^ other.uncheckedWord(at: last)
        var offset = 0
        while offset < last {
            difference |= unsafe uncheckedWord(at: offset) ^ other.uncheckedWord(at: offset)
            offset &+= 8
        }
        return difference == 0
    }
}
