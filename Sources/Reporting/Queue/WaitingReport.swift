/// A report that waits to be sent.
struct WaitingReport: Sendable, Hashable {
    /// Why it is there: what may be done with it when there is no room.
    enum Origin: Sendable, Hashable {
        /// A newer reading says more: the oldest may go.
        case reading
        /// It was promised that they are kept.
        case events
    }

    let body: ReportBody
    let origin: Origin

    var size: Int { body.bytes.count }
}
