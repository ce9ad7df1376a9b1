/// Every bound of a server. A peer that goes beyond one gets an answer that says so, where there is still time for one,
/// and is closed.
public struct ServerLimits: Sendable {
    /// The request line and the header block.
    public var request = RequestLimits()
    /// The framing of chunked bodies.
    public var chunks = ChunkLimits()
    /// A longer request body is answered with 413.
    public var body = ByteCount.mebibytes(1)
    /// How much of a body that the handler left unread is received and thrown away to keep the connection.
    public var discardedBody = ByteCount.kibibytes(64)

    /// The permissions of the files of unix sockets, 0 … 0o777: who may write to one may connect. By default everybody who may
    /// enter its directory.
    public var socketMode: UInt32 = 0o666
    /// Open connections of the whole server, as far as there are descriptors for them; one more gets 503 and is closed.
    public var connections = 8192
    /// Descriptors that connections leave to the rest of the process, as far as the system's limit is the lower one; of few
    /// descriptors, a quarter.
    public var reservedDescriptors = 64
    /// Descriptors that the rest of the process will open besides those that it has when the server is made: for its signals, a
    /// connection of its own and a file. A server without one more for a connection does not start.
    public var spareDescriptors = 4
    /// Connections beyond that limit which get their 503 at the same time; yet another is closed without a word.
    public var rejectionsUnderWay = 64
    /// What is received at once of heads and chunks: what stands behind the first of them is kept until its turn comes. A
    /// body whose length is known is received by the loop's whole buffer.
    public var receivedAtOnce = ByteCount.kibibytes(4)
    /// What all connections of the server may keep of heads that are incomplete or wait to be admitted, and of requests whose
    /// turn has not come. The connection that wants more gets 503 and is closed. Heads that are known count, too: at most 64 of
    /// 2 KiB a loop. (What a handler collects is the handler's.)
    public var pendingBytes = ByteCount.mebibytes(8)
    /// Connections of one loop that may be agreeing on encryption at the same time. One more closes the one that has taken
    /// longest.
    public var handshakes = 256
    /// Connections that get on with that before others have their turn: each takes a third of a millisecond.
    public var handshakesPerTick = 4
    /// Requests of one connection that are answered, or pieces received, before other connections have their turn. A
    /// connection's requests are answered one after another, so what is further in flight waits in its receive buffer.
    public var pipelinedRequests = 8

    /// What the kernel takes of an answer beyond what is on its way to the peer.
    public var unsentBytes = ByteCount.kibibytes(128)

    /// From a request's first byte, and for the first request from the connection's, to the end of its header block.
    public var headerTimeout = Duration.seconds(5)
    /// From when middleware first suspends a request to when all have decided.
    public var admissionTimeout = Duration.seconds(10)
    /// From the first read of a request's body to its end.
    public var bodyTimeout = Duration.seconds(30)
    /// Between requests.
    public var idleTimeout = Duration.seconds(300)
    /// From when a peer stops taking what is written to when it has taken it.
    public var writeTimeout = Duration.seconds(30)
    /// How long a peer that has got its last answer may go on sending, so that it reads that answer before it sees a reset.
    public var lingerTimeout = Duration.seconds(1)
    /// How many such peers a loop waits for at the same time, at most an eighth of all connections: each keeps a place that
    /// others could have. One more is closed at once.
    public var lingering = 256
    /// From a graceful shutdown to when idle connections close: a request that was on its way is answered.
    public var drainGrace = Duration.milliseconds(100)
    /// From a graceful shutdown to when the connections that are left are cut.
    public var drainTimeout = Duration.seconds(30)

    /// The pause after the system has no descriptor or memory for another connection.
    public var acceptBackoff = Duration.milliseconds(100)
    /// From when most connections have closed to when their memory is given back to the system.
    public var memoryReturnDelay = Duration.seconds(1)
    /// Connections that are too few for that.
    public var memoryReturnConnections = 64
    /// Connections that the kernel completes before they are accepted. A short queue costs a peer seconds.
    public var listenBacklog = 4096

    /// The limits of a server of small answers to a few thousand peers; change what does not fit.
    public init() {}
}
