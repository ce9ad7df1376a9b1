import Testing

@testable import Exporter

@Suite("What SIGTERM waits for")
struct DrainPolicyTests {
    private let policy = DrainPolicy(began: Polls.beginning, timeout: .seconds(60))

    private func step(_ polls: (Double, Polls.Poll)..., at second: Double) -> DrainPolicy.Step {
        let polls = Polls.after(polls.map { (second: $0.0, poll: $0.1) })
        let now = Polls.instant(second)
        return policy.step(Verdict(polls, VerdictConfiguration(), at: now), at: now)
    }

    private func reads(_ status: String) -> Polls.Poll { .reads(Polls.reading(status)) }

    @Test("an agent that is running has five seconds to say that it shuts down")
    func running() {
        #expect(step((0, reads("RUNNING")), at: 4.9) == .wait)
        #expect(step((0, reads("RUNNING")), at: 5) == .stop(because: "the agent is not shutting down"))
    }

    @Test(
        "one that shuts down is waited for, until the drain timeout",
        arguments: ["PENDING_SHUTDOWN", "SHUTTING_DOWN"]
    )
    func ending(status: String) {
        #expect(step((0, reads(status)), at: 59.9) == .wait)
        #expect(step((0, reads(status)), at: 60) == .stop(because: "the drain timeout has passed"))
        #expect(step((0, reads(status)), (1, .fails(.timeout)), at: 20) == .wait)
    }

    @Test("one that is gone is not waited for")
    func gone() {
        let gone = DrainPolicy.Step.stop(because: "the agent is gone")
        let ending = (0.0, reads("SHUTTING_DOWN"))
        #expect(step(ending, (1, .fails(.connect)), at: 1) == .wait)
        #expect(step(ending, (1, .fails(.connect)), (2, .fails(.connect)), at: 2) == gone)
        #expect(step(ending, (1, .fails(.resolve)), (2, .fails(.resolve)), at: 2) == .wait)
        #expect(step(ending, (1, .fails(.resolve)), at: 31) == gone)
        #expect(step((0, reads("SHUTTING_DOWN")), (1, .fails(.timeout)), at: 31) == gone)
        #expect(step((0, .fails(.status)), at: 0) == gone)
        #expect(step((0, reads("STOPPED")), at: 0) == gone)
    }

    @Test("before the first poll nothing is known")
    func unknown() {
        #expect(step(at: 1) == .wait)
        #expect(step(at: 5) == .stop(because: "the agent is not shutting down"))
    }
}
