import AsyncHTTP
import Cache
import Synchronization
import TestClock
import Testing

@testable import Exporter

@Suite("Polling a source")
struct SourcePollerTests {
    private static let late = Result<AgentReading, PollFailure>.failure(PollFailure(.timeout, "late"))
    private static let good = Result<AgentReading, PollFailure>.success(Polls.reading("RUNNING"))

    private func polling(
        _ source: ScriptedSource,
        initial: Duration = .seconds(1),
        cap: Duration = .seconds(30),
        _ body: @escaping @Sendable (ManualClock, SourcePoller<ScriptedSource, ManualClock>) async -> Void
    ) throws -> [PollState] {
        let states = Mutex<[PollState]>([])
        let shared = Shared(states)
        try withEventLoops { group in
            let clock = ManualClock()
            let poller = SourcePoller(
                source,
                schedule: RefreshSchedule(
                    interval: .seconds(2),
                    timeout: .seconds(5),
                    backoff: Backoff(initial: initial, cap: cap)
                ),
                clock: clock,
                wallClock: { .seconds(1_700_000_000) },
                on: group.first,
                polled: { state in shared.states.withLock { $0.append(state) } }
            )
            await withTaskGroup { tasks in
                tasks.addTask { await poller.run() }
                await body(clock, poller)
                tasks.cancelAll()
            }
        }
        return shared.states.withLock { $0 }
    }

    private final class Shared: Sendable {
        let states: Mutex<[PollState]>
        init(_ states: consuming Mutex<[PollState]>) { self.states = states }
    }

    @Test("while polls succeed there is one per interval, and each is published")
    func interval() throws {
        let source = ScriptedSource(Self.good)
        let states = try polling(source) { clock, _ in
            await clock.advance(by: .seconds(9))
        }
        #expect(source.polls == 5)
        #expect(states.count == 5)
        #expect(states.allSatisfy { $0.reading?.value.activeTasks == 3 && $0.consecutiveFailures == 0 })
        #expect(source.looks == 0)
        #expect(source.isClosed)
    }

    @Test("while polls fail the waits double, up to the longest")
    func backoff() throws {
        let source = ScriptedSource(Self.late)
        let states = try polling(source, initial: .seconds(1), cap: .seconds(4)) { clock, _ in
            await clock.advance(by: .seconds(30))
        }
        let waits = states.map { $0.wait / .seconds(1) }
        for (wait, base) in zip(waits, [1.0, 2, 4, 4, 4]) { #expect(wait >= base * 0.8 && wait <= base * 1.2) }
        #expect(states.last?.consecutiveFailures == states.count)
        #expect(source.looks == 0, "one that answers late is there, and is not looked for")
    }

    @Test(
        "where nobody listens, or a password is missing, it is looked once a second, and polled as soon as that is over",
        arguments: [PollFailure.Reason.connect, .credentials]
    )
    func comesBack(reason: PollFailure.Reason) throws {
        let refused = Result<AgentReading, PollFailure>.failure(PollFailure(reason, "not yet"))
        let source = ScriptedSource(refused)
        source.answers(refused, isListening: false)
        let states = try polling(source, initial: .seconds(3600), cap: .seconds(3600)) { clock, _ in
            await clock.advance(by: .seconds(60))
            source.answers(Self.good)
            await clock.advance(by: .seconds(1))
        }
        #expect(source.looks == 61)
        #expect(states.map(\.consecutiveFailures) == [1, 0])
        #expect(states.last?.lastAttempt?.finished == Polls.instant(61))
    }

    @Test("it can be asked to poll now")
    func now() throws {
        let source = ScriptedSource(Self.good)
        let states = try polling(source) { clock, poller in
            await clock.advance(by: .milliseconds(500))
            await poller.pollNow(within: .seconds(1))
        }
        #expect(states.map { $0.lastAttempt?.finished } == [Polls.beginning, Polls.instant(0.5)])
    }
}
