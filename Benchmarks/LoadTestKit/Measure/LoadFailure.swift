/// Why a request has no valid answer.
struct LoadFailure: Error, Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No connection was to be had.
        case connect
        /// Encryption was not agreed on, or has failed.
        case tls
        /// The whole answer did not come in time.
        case timeout
        /// The server cut the connection.
        case reset
        /// The connection ended before the answer began.
        case closed
        /// The answer was not a 2xx.
        case status
        /// What came is not HTTP/1.1.
        case malformed
        /// The body ended before the length that was announced.
        case length
        /// The body is not what it should be.
        case body
    }

    let kind: Kind
    let detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}

/// How often each kind of failure was seen, and what the first of each said.
struct FailureCounts: Sendable, Hashable {
    private var counts: [LoadFailure.Kind: UInt64] = [:]
    private var examples: [LoadFailure.Kind: String] = [:]

    init() {}

    var total: UInt64 { counts.values.reduce(0, &+) }

    subscript(kind: LoadFailure.Kind) -> UInt64 { counts[kind] ?? 0 }

    func example(of kind: LoadFailure.Kind) -> String? { examples[kind] }

    mutating func record(_ failure: LoadFailure) {
        counts[failure.kind, default: 0] &+= 1
        if examples[failure.kind] == nil { examples[failure.kind] = failure.detail }
    }

    mutating func merge(_ other: FailureCounts) {
        counts.merge(other.counts) { $0 &+ $1 }
        examples.merge(other.examples) { first, _ in first }
    }
}
