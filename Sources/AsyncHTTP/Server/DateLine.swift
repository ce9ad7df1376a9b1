/// The end of every header block: what is said with every answer, `Date`, perhaps `Connection`, and the empty line. Formatted
/// once a second per loop.
final class DateLine {
    /// What the block says of the connection's future (RFC 9112 section 9.3).
    enum Persistence {
        /// Nothing: HTTP/1.1 keeps it.
        case kept
        /// `keep-alive`, for HTTP/1.0.
        case keptExplicitly
        case closing
    }

    /// Header lines that go with every answer.
    var fields: [UInt8] = [] {
        didSet { (second, validUntil) = (-1, MonotonicInstant(nanoseconds: .min)) }
    }

    private var second: Int64 = -1
    private var validUntil = MonotonicInstant(nanoseconds: .min)
    private var kept: [UInt8] = []
    private var keptExplicitly: [UInt8] = []
    private var closing: [UInt8] = []

    func bytes(_ persistence: Persistence, now: MonotonicInstant) -> [UInt8] {
        if now >= validUntil { refresh(now) }
        return switch persistence {
        case .kept: kept
        case .keptExplicitly: keptExplicitly
        case .closing: closing
        }
    }

    /// Not inlined, so that `bytes` is small enough to be, which nearly always has nothing to refresh.
    @inline(never)
    private func refresh(_ now: MonotonicInstant) {
        refresh(now, wall: wallClockNanoseconds())
    }

    /// - Parameter wall: what the wall clock says at `now`, in nanoseconds since 1970.
    func refresh(_ now: MonotonicInstant, wall: Int64) {
        validUntil = now.advanced(by: .nanoseconds(1_000_000_000 - wall % 1_000_000_000))
        guard wall / 1_000_000_000 != second else { return }
        second = wall / 1_000_000_000
        kept = line { _ in }
        keptExplicitly = line { $0.connection(keepAlive: true, for: .http10) }
        closing = line { $0.connection(keepAlive: false, for: .http11) }
    }

    private func line(_ connection: (inout ResponseHeadWriter) -> Void) -> [UInt8] {
        var writer = ResponseHeadWriter()
        writer.date(unixSeconds: second)
        connection(&writer)
        writer.end()
        return fields + writer.bytes
    }
}
