import Synchronization
import Testing

@Suite("Refresher under ten thousand schedules")
struct SimulationTests {
    /// Paste a failing seed here to see it alone.
    private static let seeds: Range<UInt64> = 0..<10_000

    @Test("every schedule of outcomes, jumps, requests and cancellation keeps every promise", arguments: 0..<20)
    func schedules(part: UInt64) {
        let size = (Self.seeds.upperBound - Self.seeds.lowerBound) / 20
        for seed in 0..<size {
            let seed = Self.seeds.lowerBound + part * size + seed
            let violations = Simulation(seed: seed).violations()
            #expect(violations.isEmpty, "seed \(seed)")
        }
    }
}
