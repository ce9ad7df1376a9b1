/// What one worker does: its values move, never jump, and belong together. The same seed gives the same again.
struct SimulatedWorkload: Sendable, Hashable {
    /// How many tasks it takes at once.
    private static let capacity = 8.0
    /// What one task takes.
    private static let taskSeconds = 4.0
    /// How fast the demand goes back to what is usual: a tenth of the way in so many seconds.
    private static let calm = 60.0
    private static let usualDemand = 0.65
    private static let mebibyte = 1_048_576.0

    private var dice: SimulationDice
    /// What arrives, as a part of what the worker can do.
    private var demand: Double
    private var tasksDone = 0.0

    private(set) var activeTasks = 0
    private(set) var queueSize = 0
    private(set) var cpuPercent = 0.0
    private(set) var memoryPercent = 0.0
    private(set) var residentBytes = 0.0
    /// Only grows.
    var tasksCompleted: Double { tasksDone.rounded(.down) }

    init(seed: UInt64) {
        dice = SimulationDice(seed: seed)
        demand = dice.between(0.3, 0.9)
        advance(by: .zero)
    }

    mutating func advance(by elapsed: Duration) {
        let seconds = min(max(0, elapsed / .seconds(1)), 3600)
        let step = min(1, seconds / Self.calm)
        demand += (Self.usualDemand - demand) * 0.1 * step + dice.between(-0.35, 0.35) * step
        demand = min(max(demand, 0.05), 1.3)
        tasksDone += Double(activeTasks) * seconds / Self.taskSeconds
        activeTasks = Int((min(1, demand) * Self.capacity).rounded())
        queueSize = Int((max(0, demand - 0.8) * 40).rounded())
        let load = Double(activeTasks) / Self.capacity
        cpuPercent = Self.rounded(4 + 88 * load + dice.between(-2, 2), 0...100)
        memoryPercent = Self.rounded(36 + 22 * load + dice.between(-0.5, 0.5), 0...100)
        residentBytes = ((120 + 22 * Double(activeTasks) + dice.between(0, 4)) * Self.mebibyte).rounded()
    }

    private static func rounded(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        (min(max(value, range.lowerBound), range.upperBound) * 10).rounded() / 10
    }
}

/// Chance that is the same for the same seed: xorshift64*.
struct SimulationDice: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    init(seed: UInt64) {
        // Zero would stay zero; and neighbours are to differ from the first number on.
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for _ in 0..<4 { _ = next() }
    }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func between(_ low: Double, _ high: Double) -> Double { Double.random(in: low...high, using: &self) }
}
