/// First in, first out, in memory of its own: what is at one end is taken while the other grows, and no access lasts, so that
/// none has to be checked. It keeps room for as many as there ever were.
///
/// Safe because the places from `first` on, `count` of them around the ring, are initialised, and no others are read; a job needs
/// no deinitialisation.
@safe final class JobQueue {
    private var ring: UnsafeMutableBufferPointer<LoopJob>
    private var first = 0
    private(set) var count = 0

    init() {
        unsafe ring = .allocate(capacity: 64)
    }

    deinit {
        unsafe ring.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    func append(_ job: LoopJob) {
        if unsafe count == ring.count { grow() }
        unsafe ring.initializeElement(at: (first &+ count) & (ring.count &- 1), to: job)
        count = count &+ 1
    }

    func popFirst() -> LoopJob? {
        if count == 0 { return nil }
        let job = unsafe ring[first]
        first = unsafe (first &+ 1) & (ring.count &- 1)
        count = count &- 1
        return job
    }

    /// To twice as much: a power of two, so that going around is a mask.
    private func grow() {
        let larger = unsafe UnsafeMutableBufferPointer<LoopJob>.allocate(capacity: ring.count * 2)
        for index in 0..<count {
            unsafe larger.initializeElement(at: index, to: ring[(first &+ index) & (ring.count &- 1)])
        }
        unsafe ring.deallocate()
        unsafe ring = larger
        first = 0
    }
}
