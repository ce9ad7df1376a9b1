/// Where streams wait until it is their turn to be established: each is much work for the loop, so few have their turn in one
/// tick, and everybody else's answers go between them.
final class EstablishingQueue: Deadline {
    private let state: LoopState
    private let turnsPerTick: Int
    private let capacity: Int
    private let ended: (_ established: Bool) -> Void
    private let evicted: () -> Void
    private var waiting: [LayeredStream] = []
    /// Under way, the oldest first.
    private var begun: [LayeredStream] = []
    private var isArmed = false

    /// - Parameters:
    ///   - turnsPerTick: how many streams go on in one tick.
    ///   - capacity: how many may be under way; one more ends the one that is the longest.
    ///   - ended: told of each that is over, whether it is established or not.
    ///   - evicted: told of each that had to make room.
    init(
        on loop: EventLoop,
        turnsPerTick: Int,
        capacity: Int,
        ended: @escaping (Bool) -> Void,
        evicted: @escaping () -> Void
    ) {
        state = loop.state
        self.turnsPerTick = max(1, turnsPerTick)
        self.capacity = max(1, capacity)
        self.ended = ended
        self.evicted = evicted
    }

    /// How many are under way.
    var count: Int { begun.count }

    func enter(_ stream: LayeredStream) {
        if stream.waitsForTurn { return }
        stream.waitsForTurn = true
        waiting.append(stream)
        arm()
    }

    func begins(_ stream: LayeredStream) {
        if begun.count >= capacity {
            evicted()
            // It leaves as it is closed.
            begun[0].close()
        }
        begun.append(stream)
    }

    func ends(_ stream: LayeredStream, established: Bool) {
        guard let index = begun.firstIndex(where: { $0 === stream }) else { return }
        begun.remove(at: index)
        ended(established)
    }

    override func reached() {
        isArmed = false
        let next = waiting.prefix(turnsPerTick)
        waiting.removeFirst(next.count)
        for stream in next {
            stream.waitsForTurn = false
            stream.goOn()
        }
        if !waiting.isEmpty { arm() }
    }

    private func arm() {
        if isArmed { return }
        isArmed = true
        state.giveTurn(to: self)
    }
}
