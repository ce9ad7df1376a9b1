import AsyncHTTP
import Cache
import Testing

@testable import Exporter

@Suite("Load over time")
struct LoadAccountTests {
    private typealias Step = (second: Double, poll: Polls.Poll)

    private static let rules = VerdictConfiguration()

    private static func reads(_ tasks: Double?, _ status: String = "RUNNING") -> Polls.Poll {
        .reads(Polls.reading(status, tasks: tasks))
    }

    /// The account after all polls, and after each.
    private static func accounts(_ steps: [Step], _ rules: VerdictConfiguration = rules) -> [LoadAccount] {
        var accounts = [LoadAccount(rules)]
        for index in steps.indices {
            let polls = Polls.after(Array(steps[...index]))
            let now = Polls.instant(steps[index].second)
            accounts.append(accounts[index].after(Verdict(polls, rules, at: now), at: now))
        }
        return accounts
    }

    private static func account(_ steps: [Step]) -> LoadAccount { accounts(steps)[steps.count] }

    @Test("between two polls that follow each other the count is taken to move in a straight line")
    func trapezoid() {
        let tasks = Self.account([(0, Self.reads(2)), (1, Self.reads(4)), (3, Self.reads(4)), (4, Self.reads(0))])[
            .tasks
        ]
        #expect(tasks.integral == 3 + 8 + 2)
        #expect(tasks.observed == 4)
        #expect(tasks.rises == 2 && tasks.falls == 4)
    }

    @Test("nothing is observed over a failed poll, nor where a count was not said")
    func gaps() {
        let failed = Self.account([
            (0, Self.reads(2)), (1, Self.reads(2)), (2, .fails(.timeout)), (3, Self.reads(9)), (4, Self.reads(9)),
        ])[.tasks]
        #expect(failed.integral == 2 + 9 && failed.observed == 2 && failed.rises == 0)
        let unsaid = Self.account([(0, Self.reads(2)), (1, Self.reads(nil)), (2, Self.reads(2)), (3, Self.reads(2))])
        #expect(unsaid[.tasks].integral == 2 && unsaid[.tasks].observed == 1)
        #expect(unsaid[.requests].observed == 3 && unsaid[.requests].integral == 0, "each count has its own time")
    }

    @Test("what no agent can have counts as not said", arguments: [-1, 1e10, 1e300])
    func insane(value: Double) {
        let tasks = Self.account([(0, Self.reads(1)), (1, Self.reads(value)), (2, Self.reads(1))])[.tasks]
        #expect(tasks.integral == 0 && tasks.observed == 0 && tasks.rises == 0 && tasks.falls == 0)
        #expect(tasks.peak.largest(at: Polls.instant(2)) == 1)
    }

    @Test("the same verdict at a later moment adds time to its state and nothing else")
    func again() {
        let polls = Polls.after([(0, Self.reads(5)), (1, Self.reads(5))])
        let verdict = Verdict(polls, Self.rules, at: Polls.instant(1))
        let first = LoadAccount(Self.rules).after(verdict, at: Polls.instant(1))
        let later = first.after(verdict, at: Polls.instant(8))
        #expect(later.stateSeconds == [.running: 7])
        #expect(later[.tasks] == first[.tasks] && later.transitions.isEmpty)
    }

    @Test("before the first poll nothing is seen; then every moment belongs to one state")
    func states() {
        let accounts = Self.accounts([
            (3, Self.reads(1)), (4, Self.reads(1, "PENDING_SHUTDOWN")), (6, Self.reads(1, "SHUTTING_DOWN")),
            (7, .fails(.connect)), (40, .fails(.connect)), (41, Self.reads(1)),
        ])
        let waiting = LoadAccount(Self.rules).after(
            Verdict(PollState(), Self.rules, at: Polls.instant(2)),
            at: Polls.instant(2)
        )
        #expect(waiting.stateSeconds.isEmpty)
        let last = accounts[6]
        #expect(last.stateSeconds == [.running: 1, .pendingShutdown: 2, .shuttingDown: 34, .unreachable: 1])
        let seen = last.transitions.map { "\($0.key.from) \($0.key.to) \($0.value)" }.sorted()
        #expect(
            seen == [
                "pendingShutdown shuttingDown 1.0", "running pendingShutdown 1.0", "shuttingDown unreachable 1.0",
                "unreachable running 1.0",
            ]
        )
        #expect(LoadAccount.Transition.all.count == 30)
    }

    /// Polls at uneven intervals that fail now and then, of a count that jumps and is sometimes not said.
    private static func schedule(_ seed: UInt64) -> [Step] {
        var dice = SeededDice(seed)
        var second = 0.0
        return (0..<(2 + Int(dice.next() % 12))).map { _ in
            second += Double(1 + dice.next() % 400) / 100
            switch dice.next() % 8 {
            case 0: return (second, .fails(.timeout))
            case 1: return (second, reads(nil))
            case 2: return (second, reads(-Double(dice.next() % 9)))
            default: return (second, reads(Double(dice.next() % 30), dice.next() % 3 == 0 ? "STOPPED" : "RUNNING"))
            }
        }
    }

    @Test("whatever happens, nothing goes back, and only what was observed is counted: 10,000 schedules")
    func schedules() throws {
        for seed in 0..<UInt64(10_000) {
            let steps = Self.schedule(seed)
            let accounts = Self.accounts(steps)
            for (before, after) in zip(accounts, accounts.dropFirst()) {
                let (earlier, later) = (before[.tasks], after[.tasks])
                try #require(later.integral >= earlier.integral && later.observed >= earlier.observed, "seed \(seed)")
                try #require(later.rises >= earlier.rises && later.falls >= earlier.falls, "seed \(seed)")
                try #require(before.stateSeconds.allSatisfy { after.stateSeconds[$0.key] ?? 0 >= $0.value })
                try #require(before.transitions.allSatisfy { after.transitions[$0.key] ?? 0 >= $0.value })
            }
            var (integral, observed) = (0.0, 0.0)
            for (one, next) in zip(steps, steps.dropFirst()) {
                guard case .reads(let first) = one.poll, case .reads(let second) = next.poll,
                    let left = first.activeTasks, let right = second.activeTasks, left >= 0, right >= 0
                else { continue }
                integral += (left + right) / 2 * (next.second - one.second)
                observed += next.second - one.second
            }
            let last = accounts[steps.count]
            try #require(abs(last[.tasks].integral - integral) < 1e-6 && abs(last[.tasks].observed - observed) < 1e-6)
            let states = last.stateSeconds.values.reduce(0, +)
            try #require(abs(states - (steps[steps.count - 1].second - steps[0].second)) < 1e-6, "seed \(seed)")
        }
    }

    @Test("a peak stands for its window, and then the next largest does")
    func peaks() {
        var window = PeakWindow(.seconds(60))
        #expect(window.largest(at: Polls.beginning) == nil)
        for (second, value) in [(0.0, 9.0), (10, 4), (20, 7), (30, 1)] { window.add(value, at: Polls.instant(second)) }
        for (second, largest) in [(30.0, 9.0), (60, 9), (60.1, 7), (80, 7), (80.1, 1), (90, 1)] {
            #expect(window.largest(at: Polls.instant(second)) == largest, "at \(second)")
        }
        #expect(window.largest(at: Polls.instant(90.1)) == nil)
    }

    @Test("what a window keeps is bounded, and its largest stays")
    func bounded() {
        var window = PeakWindow(.seconds(100_000))
        for number in 0..<20_000 { window.add(Double(20_000 - number), at: Polls.instant(Double(number))) }
        #expect(window.largest(at: Polls.instant(20_000)) == 20_000)
        #expect(window.count <= 4096)
    }
}

/// Numbers that are the same for the same seed.
private struct SeededDice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state &<< 13
        state ^= state &>> 7
        state ^= state &<< 17
        return state
    }
}
