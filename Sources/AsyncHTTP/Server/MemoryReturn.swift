/// Gives memory back to the system after a crowd of connections has left: the allocator would keep what the crowd needed
/// for ever. A while later rather than at once, so that the rest of the crowd can leave, and at most once for each crowd.
final class MemoryReturn: Deadline {
    private let loop: EventLoop
    private let delay: Duration
    private var crowd: Crowd

    init(on loop: EventLoop, limits: ServerLimits) {
        self.loop = loop
        delay = limits.memoryReturnDelay
        crowd = Crowd(least: limits.memoryReturnConnections)
    }

    func rose(to count: Int) {
        crowd.rose(to: count)
    }

    func fell(to count: Int) {
        if crowd.fell(to: count) { loop.state.setDeadline(of: self, to: loop.state.now.advanced(by: delay)) }
    }

    override func reached() {
        crowd.hasLeft()
        returnFreeMemory()
    }
}

/// Tells when most of those who were there at once have left.
struct Crowd {
    /// A smaller one is none.
    let least: Int
    private var count = 0
    private var peak = 0
    private var isLeaving = false

    init(least: Int) {
        self.least = least
    }

    mutating func rose(to count: Int) {
        self.count = count
        peak = max(peak, count)
    }

    /// - Returns: true once, when half of the largest crowd has left.
    mutating func fell(to count: Int) -> Bool {
        self.count = count
        guard !isLeaving, peak >= least, count <= peak / 2 else { return false }
        isLeaving = true
        return true
    }

    /// That has been seen to: those who are here now are the crowd.
    mutating func hasLeft() {
        peak = count
        isLeaving = false
    }
}
