/// What somebody who is asked before a request is routed says of it: who it is, whether it may, how fast.
///
/// The last two differ in what may be remembered. What decides an admission may be in the request's bytes alone, or in more than
/// those: the peer's address, how many came lately, the time of day.
public enum Admission: Sendable {
    /// Nobody routes it; this is the answer.
    case refuse(PreparedResponse)
    /// It takes a while to tell: a password to hash, somebody to ask. The connection waits, others do not, and its head counts
    /// against `ServerLimits.pendingBytes`. After `ServerLimits.admissionTimeout` the peer gets 503, and what is being waited for
    /// is cancelled; so it is when the server cuts the connection. That the peer has left is noticed only when it is answered. It
    /// runs on the connection's loop.
    case suspend(@Sendable () async -> Admission)
    /// This one may. Nothing follows for another with the same bytes.
    case admitOnce
    /// This one may, and so may every other with the same bytes, on this listener and from this identity, for as long as the
    /// generation lasts: until credentials or rules change.
    case admit(generation: UInt64)
}

/// Asked before a request is routed: authorisation, limits. Called on a serving loop, so it must not block; `suspend` is for
/// what takes time.
public protocol Middleware: Sendable {
    /// Looks at a request whose head has been received. Its body is not for it to read.
    func admit(_ request: Request) -> Admission

    /// The one that lasts now: what was admitted for another is asked about again. It never comes back to one that it has had.
    var generation: UInt64 { get }
}

extension Middleware {
    /// For those that admit for no generation, or for one that never ends.
    public var generation: UInt64 { 0 }
}
