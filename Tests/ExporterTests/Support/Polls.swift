import AsyncHTTP
import TestClock

@testable import Cache
@testable import Exporter

/// Poll states at chosen moments.
enum Polls {
    enum Poll {
        case reads(AgentReading)
        case fails(PollFailure.Reason)
    }

    /// Where their time begins.
    static let beginning = ManualClock.beginning

    static func instant(_ second: Double) -> MonotonicInstant { beginning.advanced(by: .seconds(second)) }

    /// What is known after some polls, each at so many seconds from the beginning.
    static func after(_ polls: [(second: Double, poll: Poll)], wait: Duration = .seconds(1)) -> PollState {
        polls.reduce(PollState()) { state, next in
            let outcome: Result<AgentReading, RefreshFailure<PollFailure>> =
                switch next.poll {
                case .reads(let reading): .success(reading)
                case .fails(let reason): .failure(.fetch(PollFailure(reason, "as arranged")))
                }
            let finished = instant(next.second)
            return state.after(
                outcome,
                started: finished.advanced(by: .milliseconds(-2)),
                finished: finished,
                sinceEpoch: .seconds(1_700_000_000) + .seconds(next.second),
                wait: { _ in wait }
            )
        }
    }

    static func reading(_ status: String?, tasks: Double? = 3) -> AgentReading {
        AgentReading(version: "1.2", status: status, activeTasks: tasks, activeRequests: 0, openSessions: 0)
    }
}
