/// Bytes that have been received and not yet used, in order. Taking from the front costs nothing, however small the
/// pieces; when all are taken, no memory is kept.
struct ReceivedBytes: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { bytes.isEmpty }
    var count: Int { bytes.count - start }
    /// The memory that is kept for them.
    var capacity: Int { bytes.capacity }

    /// Hands over what is there.
    func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
        unsafe try body(bytes.span.bytes.extracting(droppingFirst: start))
    }

    mutating func append(_ more: RawSpan) {
        makeRoom()
        unsafe more.withUnsafeBytes { more in unsafe bytes.append(contentsOf: more) }
    }

    mutating func append(_ more: ArraySlice<UInt8>) {
        makeRoom()
        bytes += more
    }

    private mutating func makeRoom() {
        if start == 0 { return }
        bytes.removeFirst(start)
        start = 0
    }

    mutating func drop(_ count: Int) {
        start += count
        if start >= bytes.count { removeAll() }
    }

    /// A copy of part of what is there.
    func copy(_ range: Range<Int>) -> [UInt8] {
        Array(bytes[start + range.lowerBound..<start + range.upperBound])
    }

    mutating func removeAll() {
        bytes = []
        start = 0
    }
}
