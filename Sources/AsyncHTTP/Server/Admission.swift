/// What somebody who is asked before a request is routed says of it: who it is, whether it may, how fast.
///
/// The last two differ in what may be remembered. What decides an admission may be in the request's bytes alone, or in more than
/// those: the peer's address, how many came lately, the time of day.
public enum Admission: Sendable {
    /// Nobody routes it; this is the answer.
    case refuse(PreparedResponse)
    /// It takes a while to tell: a password to hash, somebody to ask. The connection waits, others do not.
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

extension Middleware {
    /// The last word, whatever had to be waited for.
    fileprivate func decide(_ request: Request) async -> Decision {
        var admission = admit(request)
        while true {
            switch admission {
            case .refuse(let response): return .refused(response)
            case .suspend(let wait): admission = await wait()
            case .admitOnce: return .admitted(for: nil)
            case .admit(let generation): return .admitted(for: generation)
            }
        }
    }
}

private enum Decision {
    case refused(PreparedResponse)
    case admitted(for: UInt64?)
}

/// A handler that is reached by those who are admitted.
func asking(_ middleware: [any Middleware], before handler: @escaping RequestHandler) -> RequestHandler {
    { request, responder in
        var generations: [UInt64]? = []
        for each in middleware {
            switch await each.decide(request) {
            case .refused(let response): return try await responder.send(response)
            case .admitted(let generation?): generations?.append(generation)
            case .admitted(nil): generations = nil
            }
        }
        request.generations = generations
        return try await handler(request, responder)
    }
}
