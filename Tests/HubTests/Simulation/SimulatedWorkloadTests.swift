import Testing

@testable import Hub

@Suite("Simulated work")
struct SimulatedWorkloadTests {
    private static func course(seed: UInt64, _ steps: Int, of step: Duration) -> [SimulatedWorkload] {
        var workload = SimulatedWorkload(seed: seed)
        return (0..<steps).map { _ in
            workload.advance(by: step)
            return workload
        }
    }

    @Test("its values are ones that a worker could have", arguments: 1...20)
    func range(seed: UInt64) {
        for moment in Self.course(seed: seed, 500, of: .seconds(15)) {
            #expect((0...100).contains(moment.cpuPercent))
            #expect((0...100).contains(moment.memoryPercent))
            #expect((0...8).contains(moment.activeTasks))
            #expect((0...30).contains(moment.queueSize))
            #expect((100e6...400e6).contains(moment.residentBytes))
        }
    }

    @Test("they move, but do not jump; and what has been done only grows")
    func moves() {
        let course = Self.course(seed: 1, 1000, of: .seconds(15))
        for (last, next) in zip(course, course.dropFirst()) {
            #expect(abs(next.activeTasks - last.activeTasks) <= 2)
            #expect(next.tasksCompleted >= last.tasksCompleted)
        }
        #expect(Set(course.map(\.activeTasks)).count >= 5)
        #expect(Set(course.map(\.cpuPercent)).count > 50)
        #expect((course.last?.tasksCompleted ?? 0) > 1000)
    }

    @Test("the same seed gives the same again, another one something else")
    func seeds() {
        #expect(Self.course(seed: 4, 20, of: .seconds(1)) == Self.course(seed: 4, 20, of: .seconds(1)))
        #expect(Self.course(seed: 4, 20, of: .seconds(1)) != Self.course(seed: 5, 20, of: .seconds(1)))
    }

    @Test("a clock that goes back or leaps harms nothing", arguments: [Duration.seconds(-5), .seconds(1 << 60)])
    func clocks(step: Duration) {
        var workload = SimulatedWorkload(seed: 1)
        workload.advance(by: step)
        #expect((0...8).contains(workload.activeTasks))
        #expect(workload.tasksCompleted >= 0)
    }
}
