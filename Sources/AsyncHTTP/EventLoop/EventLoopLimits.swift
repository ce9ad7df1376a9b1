/// How much a loop does in one tick, and how large its buffers are.
public struct EventLoopLimits: Sendable {
    /// Events taken from epoll at once.
    public var eventsPerTick = 256
    /// Jobs after which descriptors have their turn again.
    public var jobsPerTick = 256
    /// Tasks that let others go first and go on in the next tick; the others after them, in ticks that follow.
    public var yieldsPerTick = 64
    /// What one call hands to the kernel: a peer that takes megabytes would hold the others up.
    public var sentAtOnce = ByteCount.kibibytes(256)
    /// The buffer into which every channel of the loop receives.
    public var receiveBuffer = ByteCount.kibibytes(64)

    /// The limits of a server of small answers; change what does not fit.
    public init() {}
}
