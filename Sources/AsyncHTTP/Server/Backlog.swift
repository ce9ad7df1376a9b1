/// What a connection has received and not yet used: the beginning of a request, or requests that have arrived before their turn.
/// An idle connection has none.
final class Backlog {
    var bytes = ReceivedBytes()
    /// Where the request at their beginning stands; nil while none has begun.
    var parser: RequestParser?
    /// They may hold a whole request: they have not been parsed since one was taken out of them.
    var isUnparsed = false

    /// What it keeps.
    var heldBytes: Int { bytes.capacity + (parser?.heldBytes ?? 0) }

    var isEmpty: Bool { bytes.isEmpty && parser == nil }
}

extension Connection {
    /// Nothing has been received that has not been used.
    var hasNothingPending: Bool { backlog?.bytes.isEmpty ?? true }

    /// Keeps what is in the loop's buffer between two offsets.
    func keep(_ range: Range<Int>) -> Backlog {
        let backlog = backlog ?? Backlog()
        self.backlog = backlog
        stream.state.withReceived(range.upperBound) { received in
            backlog.bytes.append(received.extracting(range))
        }
        return backlog
    }

    /// What is kept may be a request.
    func parseBacklogNext() {
        if let backlog { backlog.isUnparsed = !backlog.bytes.isEmpty }
    }
}
