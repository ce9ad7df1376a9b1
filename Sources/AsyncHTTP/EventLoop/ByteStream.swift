/// Bytes in both directions, on a loop: what a connection and a client speak to, whatever is underneath. A task waits here
/// until there is something to receive or room to send.
///
/// Readiness belongs to the stream, not to a socket: one that decrypts may hold bytes that the socket has given already, and
/// one in memory has no socket at all. Those that make streams override what is marked so, and say with `become` what they
/// have become ready for.
package class ByteStream: Waiter {
    package final var isReadable: Bool { readable }
    package final var isWritable: Bool { writable }
    /// The peer has said that it has finished, or is gone: what has been received before can still be read.
    package final var isPeerClosed: Bool { peerClosed }
    /// Closed by its owner: whoever waits, or would, is to give up.
    package final var isClosed: Bool { closed }

    // Private to this file, each: then the compiler can see that nobody else is at them, and need not have it checked.
    private var readable = false
    private var writable = false
    private var peerClosed = false
    private var closed = false

    /// Who the peer has proven to be, where that can be proven.
    package final var identity: String? {
        get { proven?.name }
        set { proven = newValue.map(Proof.init) }
    }

    /// Apart, so that the many that have none keep no room for it.
    private var proven: Proof?

    private final class Proof {
        let name: String
        init(_ name: String) { self.name = name }
    }

    /// Pieces of work since it last waited or let others have their turn.
    private var turns = 0
    private var interest = Interest.read

    /// Whoever is asked to take what arrives, before a task that waits in `parkToRead` is woken for it.
    final var attendant: (any Attendant)?
    private var isAttended = false

    /// The stream that is made of this one: it is told of what is new here, and nobody waits here.
    private var upper: LayeredStream?

    /// What a waiting task wants to be told of.
    package enum Interest {
        case read
        case write
        case either
    }

    // MARK: What a kind of stream decides

    /// Receives into the loop's buffer, at most `limit` bytes; 0 is the end. A stream that has no more says so with
    /// `markDrained`, and whoever waits after that is woken when there is.
    package func receive(limit: Int) -> Transfer { .closed }

    /// Sends three pieces, as far as the peer takes them, after leaving out the first `skipped` bytes of all three.
    package func send(_ first: [UInt8], _ second: [UInt8], _ third: [UInt8], skipping skipped: Int) -> Transfer {
        .closed
    }

    /// As `receive(limit:)`, into other memory than the loop's: as much as fits.
    package func receive(into memory: inout MutableRawSpan) -> Transfer { .closed }

    /// Sends one piece, as far as the peer takes it.
    package func send(_ bytes: RawSpan) -> Transfer { .closed }

    /// Does what has to be done before anything can be sent, as far as that goes now: `.bytes(0)` when it is done. Sending and
    /// receiving do it, too; who calls this learns of a failure before anything has been said.
    package func establish() -> Transfer { .bytes(0) }

    /// Tells the peer that this is the end, where it has to be told in words. `.wouldBlock` while it does not take them.
    package func sayGoodbye() -> Transfer { .bytes(0) }

    /// Why the stream has failed, where that is more than a system call's error.
    package var problem: String? { nil }

    /// Says that nothing more will be sent; the peer reads to the end and then sees it.
    package func finishWriting() {}

    /// Makes the coming close one that the peer notices: it is to know that it has not seen everything.
    package func resetWhenClosed() {}

    /// Who is at the other end, as an address; nil when it has none.
    package var peer: String? { nil }

    /// Lets go of what is underneath. Called once, by `close`.
    func release() {}

    // MARK: What all streams are

    /// Ends the stream, and the wait of whoever waits here.
    package final func close() {
        if closed { return }
        closed = true
        release()
        retire()
    }

    /// Receives as much as fits.
    package final func receive() -> Transfer { receive(limit: .max) }

    package final func wait(for wanted: Interest = .read) async -> Wake {
        if isClosed { return .woken }
        // First: a peer that keeps the stream ready must not outrun its deadline.
        if isOverdue { return .deadline }
        interest = wanted
        if isWhatIsWanted { return .ready }
        turns = 0
        isAttended = false
        return await suspend()
    }

    private var isWhatIsWanted: Bool {
        switch interest {
        case .read: isReadable
        case .write: isWritable
        case .either: isReadable || isWritable
        }
    }

    /// As `wait`, for a stream that is not readable now and may have an attendant.
    final func parkToRead(_ continuation: UnsafeContinuation<Wake, Never>) {
        interest = .read
        turns = 0
        isAttended = true
        unsafe park(continuation)
        if isClosed { wake() }
    }

    /// To be called by the kind of stream, with what is new.
    package final func become(readable: Bool, writable: Bool, peerClosed: Bool) {
        if peerClosed { self.peerClosed = true }
        if readable { self.readable = true }
        if writable { self.writable = true }
        if let upper { return upper.lowerHasChanged() }
        guard isWaiting, isWhatIsWanted else { return }
        if isAttended, let attendant, attendant.attend() { return }
        resume(.ready)
    }

    /// Becomes what another stream is made of; nil ends it.
    final func carry(_ stream: LayeredStream?) {
        upper = stream
    }

    /// There is nothing to receive for now. To be told as well by whoever reads what is underneath in another way.
    package final func markDrained() {
        readable = false
    }

    /// There is more to receive, says whoever is receiving or sending: nobody has to be woken for it.
    package final func markReadable() {
        readable = true
    }

    /// In the same way, there is room to send.
    package final func markWritable() {
        writable = true
    }

    /// There is no room to send for now.
    package final func markFull() {
        writable = false
    }

    /// To be called before each piece of work. True after `limit` of them, and at least one: it is time to pause.
    final func spendTurn(limit: Int) -> Bool {
        if turns < max(1, limit) {
            turns += 1
            return false
        }
        turns = 0
        return true
    }

    /// What follows is not for a task that goes on, but because something has arrived.
    final func beginTurn() {
        turns = 0
    }

    /// Lets others have their turn.
    @inline(never)
    final func pause() async {
        await withCheckedContinuation { state.resumeNextTick($0) }
    }

    package final func takeTurn(limit: Int) async {
        if spendTurn(limit: limit) { await pause() }
    }
}

/// Takes what arrives at a stream, on its loop and between the jobs of the loop's tasks.
protocol Attendant: AnyObject {
    /// Something can be received. False when the task that waits is to be woken after all.
    func attend() -> Bool
}
