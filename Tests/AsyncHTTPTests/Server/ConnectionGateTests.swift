import Testing

@testable import AsyncHTTP

@Suite("Server: counting connections")
struct ConnectionGateTests {
    @Test("those over the limit are told so, those over that are not, and who leaves makes room")
    func admissions() throws {
        let limits = serverLimits { limits in
            limits.connections = 2
            limits.rejectionsUnderWay = 1
        }
        let gate = ConnectionGate(try ConnectionCapacity(limits, descriptors: 1000, taken: 0, open: 0))
        #expect((0..<5).map { _ in gate.enter() } == [.admitted, .admitted, .rejected, .refused, .refused])
        gate.leave()
        #expect(gate.enter() == .rejected, "the rejected one is still there")
        gate.leave()
        gate.leave()
        #expect((0..<2).map { _ in gate.enter() } == [.admitted, .rejected])
    }

    @Test("a budget is for all together, and what is over it counts until it is given back")
    func budget() {
        let budget = PendingBudget(.bytes(100))
        #expect(budget.charge(60))
        #expect(budget.charge(40))
        #expect(!budget.charge(1))
        #expect(budget.used == 101)
        #expect(budget.charge(-1), "giving back is always right")
        #expect(!budget.charge(1))
        #expect(budget.charge(-101))
        #expect(budget.used == 0)
    }

    @Test(
        "answers are counted by the first digit of their status",
        arguments: [(100, 1), (204, 2), (599, 5), (999, 5), (0, 0), (-100, 0), (Int.max, 5)]
    )
    func classes(status: Int, index: Int) {
        let counters = ServerCounters()
        counters.answer(status: status)
        counters.reject(.bodyTimeout)
        var statistics = ServerStatistics()
        counters.add(to: &statistics)
        counters.add(to: &statistics)
        #expect(statistics.answersByClass == (0..<6).map { $0 == index ? 2 : 0 })
        #expect(statistics.answers == 2)
        #expect(statistics.rejected[.bodyTimeout] == 2)
        #expect(statistics.rejected[.writeTimeout] == 0)
    }
}
