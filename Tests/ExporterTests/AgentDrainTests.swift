import AsyncHTTP
import Cache
import Service
import Synchronization
import TestClock
import Testing

@testable import Exporter

@Suite("Draining")
struct AgentDrainTests {
    private final class Agent: Sendable {
        private let state = Mutex((polls: PollState(), asked: 0))

        init(_ polls: [(Double, Polls.Poll)]) { says(polls) }

        func says(_ polls: [(Double, Polls.Poll)], wait: Duration = .seconds(1)) {
            state.withLock { $0.polls = Polls.after(polls.map { (second: $0.0, poll: $0.1) }, wait: wait) }
        }

        func ask() { state.withLock { $0.asked += 1 } }

        var polls: PollState { state.withLock(\.polls) }
        var asked: Int { state.withLock(\.asked) }
    }

    private static func reads(_ status: String) -> Polls.Poll { .reads(Polls.reading(status)) }

    /// Drains, and tells why that ended and when.
    private func drain(
        _ agent: Agent,
        timeout: Duration = .seconds(60),
        goesOn: @escaping @Sendable (ManualClock) -> Bool = { _ in true },
        _ body: @escaping @Sendable (ManualClock) async -> Void
    ) throws -> (reason: String, after: Duration) {
        try withEventLoops { _ in
            let clock = ManualClock()
            let drain = AgentDrain(
                DrainConfiguration(timeout: timeout),
                verdict: { Verdict(agent.polls, VerdictConfiguration(), at: clock.now) },
                poll: { _ in agent.ask() },
                logger: Logger(LogConfiguration()) { _ in true },
                clock: clock
            )
            return await withTaskGroup { tasks in
                tasks.addTask {
                    let reason = await drain.wait { goesOn(clock) }
                    return (reason, Polls.beginning.duration(to: clock.now))
                }
                await body(clock)
                return await tasks.next() ?? ("", .zero)
            }
        }
    }

    @Test("an agent that shuts down is waited for until it is gone")
    func untilGone() throws {
        let agent = Agent([(0, Self.reads("SHUTTING_DOWN"))])
        let end = try drain(agent) { clock in
            await clock.advance(by: .seconds(20))
            agent.says([(0, Self.reads("SHUTTING_DOWN")), (19, .fails(.connect)), (20, .fails(.connect))])
            await clock.advance(by: .seconds(1))
        }
        #expect(end.reason == "the agent is gone")
        #expect(end.after == .milliseconds(20_200))
    }

    @Test("one that goes on running is given five seconds")
    func patience() throws {
        let end = try drain(Agent([(0, Self.reads("RUNNING"))])) { await $0.advance(by: .seconds(10)) }
        #expect(end.reason == "the agent is not shutting down")
        #expect(end.after == .seconds(5))
    }

    @Test("it asks once at the beginning, and once a second while polls are far between")
    func asks() throws {
        let often = Agent([(0, Self.reads("SHUTTING_DOWN"))])
        _ = try drain(often, timeout: .seconds(10)) { await $0.advance(by: .seconds(11)) }
        #expect(often.asked == 1)
        let seldom = Agent([])
        seldom.says([(0, Self.reads("SHUTTING_DOWN"))], wait: .seconds(30))
        _ = try drain(seldom, timeout: .seconds(10)) { await $0.advance(by: .seconds(11)) }
        #expect(seldom.asked == 10)
    }

    @Test("it ends when it is told that it is over")
    func over() throws {
        let agent = Agent([(0, Self.reads("SHUTTING_DOWN"))])
        let end = try drain(agent, goesOn: { $0.now < Polls.instant(2) }) { await $0.advance(by: .seconds(3)) }
        #expect(end.after == .seconds(2))
    }
}
