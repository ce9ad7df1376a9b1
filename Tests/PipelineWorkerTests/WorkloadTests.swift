import AsyncHTTP
import Testing

@testable import PipelineWorker

@Suite("How long batches take")
struct WorkloadTests {
    private func durations(records: Int, _ change: (inout ProcessingConfiguration) -> Void = { _ in }) -> [Double] {
        var configuration = ProcessingConfiguration()
        change(&configuration)
        var workload = Workload(configuration, seed: 7)
        return (0..<2001).map { _ in workload.duration(records: records) / .milliseconds(1) }.sorted()
    }

    @Test("is about the median for half of them, a few times as long for some, and never nothing")
    func spread() {
        let durations = durations(records: 10)
        #expect((27...33).contains(durations[1000]))
        #expect((55...90).contains(durations[1900]))
        #expect(durations[0] > 3 && durations[2000] < 300)
    }

    @Test("is never the timeout, however many records there are: that would have to be played")
    func bounded() {
        let durations = durations(records: 500_000) { $0.timeout = .seconds(10) }
        #expect(durations.allSatisfy { $0 == 9000 })
    }

    @Test("is nothing where that is wanted")
    func none() {
        let durations = durations(records: 10) { ($0.duration, $0.durationPerRecord) = (.zero, .zero) }
        #expect(durations.allSatisfy { $0 == 0 })
    }

    @Test("is the same again with the same seed")
    func seed() {
        var (one, same, other) = (
            Workload(ProcessingConfiguration(), seed: 1), Workload(ProcessingConfiguration(), seed: 1),
            Workload(ProcessingConfiguration(), seed: 2)
        )
        let (first, again, different) = (
            one.duration(records: 1), same.duration(records: 1), other.duration(records: 1)
        )
        #expect(first == again && first != different)
    }

    @Test("and as many attempts fail as are played, none otherwise")
    func failures() {
        let batch = Batch(id: "b", body: Array(#"{"simulate": "failure"}"#.utf8))
        func failures(_ change: (inout ProcessingConfiguration) -> Void) -> (failures: Int, timeouts: Int) {
            var configuration = ProcessingConfiguration()
            change(&configuration)
            var workload = Workload(configuration, seed: 3)
            let all = (0..<2000).map { _ in workload.failure(of: batch) }
            return (all.count { $0 == .failure }, all.count { $0 == .timeout })
        }
        #expect(failures { _ in } == (0, 0))
        #expect(failures { $0.playsWishes = true } == (2000, 0))
        let some = failures { ($0.failures, $0.timeouts) = (0.1, 0.05) }
        #expect((150...250).contains(some.failures) && (60...140).contains(some.timeouts))
    }
}
