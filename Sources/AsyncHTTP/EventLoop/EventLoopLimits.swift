/// How much a loop does in one tick, and how large its buffers are.
public struct EventLoopLimits: Sendable {
    /// Events taken from epoll at once.
    public var eventsPerTick = 256
    /// Jobs after which descriptors have their turn again. What is already queued when the limit is reached still runs.
    public var jobsPerTick = 1024
    /// What one call hands to the kernel: a peer that takes megabytes would hold the others up.
    public var sentAtOnce = ByteCount.kibibytes(256)
    /// The buffer into which every channel of the loop receives.
    public var receiveBuffer = ByteCount.kibibytes(64)

    /// The limits of a server of small answers; change what does not fit.
    public init() {}
}
