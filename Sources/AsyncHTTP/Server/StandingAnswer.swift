/// Finds what stands as the answer to a request, without waiting; nil leaves the request to the handler. It is asked on serving
/// loops, about requests without a body that want to be answered on a connection that goes on, and it sees nothing of them but
/// the head: what else decides an answer, middleware has decided before.
public typealias StandingAnswers = @Sendable (RequestHead) -> (any StandingAnswer)?

/// What answers a request in the same way whenever it comes again, until it changes: a server that has seen the bytes of such a
/// request twice answers them without reading them, routing them or asking a handler. It is kept for as long as one of the 64
/// requests that a loop knows has it for its answer: where a peer can ask for many, none of them should be large.
public protocol StandingAnswer: AnyObject, Sendable {
    /// Another one whenever `current` would be another answer. Looked at for each request, on serving loops.
    var version: UInt64 { get }

    /// What is to be sent now: found, not made. Nil when it would have to be made first, and the handler is asked.
    func current() -> PreparedResponse?

    /// The peer's system has taken an answer, the first one included: for whoever counts them.
    ///
    /// - Parameter nanoseconds: since the request had been received.
    func sent(_ status: HTTPStatus, after nanoseconds: Int64)
}

/// Answers in the same way for ever.
extension PreparedResponse: StandingAnswer {
    /// The only one.
    public var version: UInt64 { 0 }

    /// Itself.
    public func current() -> PreparedResponse? { self }

    /// Nobody counts.
    public func sent(_ status: HTTPStatus, after nanoseconds: Int64) {}
}

extension RequestHead {
    /// It asks for something and brings nothing: only to such a request an answer may stand.
    var mayHaveStandingAnswer: Bool { (method == .get || method == .head) && framing == .none }
}
