/// The counts of a working agent: waves of different lengths, so that they move and never jump.
struct SimulatedActivity: Sendable, Hashable {
    let tasks: Int
    let requests: Int
    let sessions: Int

    init(at elapsed: Duration) {
        let minutes = elapsed / .seconds(60)
        tasks = Self.wave(minutes, mean: 9, [(6, 3), (3, 0.7), (1, 0.13)])
        requests = Self.wave(minutes, mean: 24, [(14, 2.1), (6, 0.4), (3, 0.09)])
        sessions = Self.wave(minutes, mean: 40, [(22, 5), (7, 1.3), (2, 0.2)])
    }

    /// - Parameter parts: height, and length in minutes.
    private static func wave(_ minutes: Double, mean: Double, _ parts: [(height: Double, minutes: Double)]) -> Int {
        var value = mean
        for part in parts {
            let phase = (minutes / part.minutes).truncatingRemainder(dividingBy: 1)
            // A parabola for each half: as good as a sine here, and needs no library.
            let half = phase < 0.5 ? phase * 2 : phase * 2 - 1
            value += part.height * 4 * half * (1 - half) * (phase < 0.5 ? 1 : -1)
        }
        return max(0, Int(value.rounded()))
    }
}
