import Cache
import Telemetry
import Testing

@testable import Exporter

@Suite("What stands for the agent (held, left out, or 0)")
struct VerdictTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let polls: [(second: Double, poll: Polls.Poll)]
        let at: Double
        let fallback: Fallback
        let state: AgentState
        let isUp: Bool
        /// Nil is left out.
        let tasks: Double?
        let status: Double

        var testDescription: String { "\(name), \(fallback)" }
    }

    static let good = (second: 0.0, poll: Polls.Poll.reads(Polls.reading("RUNNING")))

    static func failure(_ reason: PollFailure.Reason, at second: Double = 1) -> (second: Double, poll: Polls.Poll) {
        (second, .fails(reason))
    }

    static let cases: [Case] = [
        Case(
            name: "no poll yet",
            polls: [],
            at: 0,
            fallback: .auto,
            state: .unreachable,
            isUp: false,
            tasks: nil,
            status: 0
        ),
        Case(
            name: "no poll yet",
            polls: [],
            at: 0,
            fallback: .zero,
            state: .unreachable,
            isUp: false,
            tasks: 0,
            status: 0
        ),
        Case(name: "good", polls: [good], at: 1, fallback: .auto, state: .running, isUp: true, tasks: 3, status: 1),
        Case(
            name: "good, long ago",
            polls: [good],
            at: 300,
            fallback: .auto,
            state: .running,
            isUp: true,
            tasks: 3,
            status: 1
        ),
        Case(
            name: "held",
            polls: [good, failure(.timeout)],
            at: 30,
            fallback: .auto,
            state: .running,
            isUp: false,
            tasks: 3,
            status: 1
        ),
        Case(
            name: "unreadable, held",
            polls: [good, failure(.invalidJSON)],
            at: 30,
            fallback: .omit,
            state: .running,
            isUp: false,
            tasks: 3,
            status: 1
        ),
        Case(
            name: "stopped answering",
            polls: [good, failure(.connect)],
            at: 30.1,
            fallback: .auto,
            state: .unreachable,
            isUp: false,
            tasks: nil,
            status: 0
        ),
        Case(
            name: "stopped answering",
            polls: [good, failure(.status)],
            at: 31,
            fallback: .omit,
            state: .unreachable,
            isUp: false,
            tasks: nil,
            status: 0
        ),
        Case(
            name: "stopped answering",
            polls: [good, failure(.reset)],
            at: 31,
            fallback: .zero,
            state: .unreachable,
            isUp: false,
            tasks: 0,
            status: 0
        ),
        Case(
            name: "unreadable",
            polls: [good, failure(.invalidJSON)],
            at: 31,
            fallback: .auto,
            state: .unknown,
            isUp: false,
            tasks: 0,
            status: 0
        ),
        Case(
            name: "unreadable",
            polls: [good, failure(.invalidJSON)],
            at: 31,
            fallback: .omit,
            state: .unknown,
            isUp: false,
            tasks: nil,
            status: 0
        ),
        Case(
            name: "unreadable from the start",
            polls: [failure(.invalidJSON)],
            at: 1,
            fallback: .zero,
            state: .unknown,
            isUp: false,
            tasks: 0,
            status: 0
        ),
        Case(
            name: "back again",
            polls: [good, failure(.connect), (second: 40, poll: .reads(Polls.reading("STOPPED")))],
            at: 41,
            fallback: .auto,
            state: .stopped,
            isUp: true,
            tasks: 3,
            status: 0
        ),
    ]

    @Test("as promised", arguments: cases)
    func standing(example: Case) throws {
        let polls = Polls.after(example.polls)
        let verdict = Verdict(polls, VerdictConfiguration(fallback: example.fallback), at: Polls.instant(example.at))
        let found = try AgentFamilies(polledEvery: .seconds(1), heldFor: .seconds(30)).families(verdict)
        let families = Dictionary(uniqueKeysWithValues: found.map { ($0.descriptor.name, $0.samples) })
        func value(_ name: String) -> Double? {
            guard case .number(let value) = families[name]?.first?.value else { return nil }
            return value
        }
        #expect(value("app_active_task_count") == example.tasks)
        #expect((value("app_version_info") == 1) == (example.tasks != nil))
        #expect((value("app_open_sessions_count") != nil) == (example.tasks != nil))
        #expect((value("app_active_request_count") != nil) == (example.tasks != nil))
        #expect(value("app_agent_status") == example.status)
        #expect(value("app_agent_up") == (example.isUp ? 1 : 0))
        let current = families["app_agent_state"]?.filter { $0.value == .number(1) }.map { $0.labels.pairs[0].value }
        #expect(current == [example.state.rawValue])
        #expect(families["app_agent_state"]?.count == 6)
        let hasHeartbeat = families["app_last_heartbeat_timestamp"]?.isEmpty == false
        #expect(hasHeartbeat == (polls.reading != nil))
    }

    @Test("missing fields have their documented defaults")
    func defaults() throws {
        let polls = Polls.after([(0, .reads(AgentReading()))])
        let verdict = Verdict(polls, VerdictConfiguration(), at: Polls.beginning)
        let families = try AgentFamilies(polledEvery: .seconds(1), heldFor: .seconds(30)).families(verdict)
        let text = String(
            decoding: RenderedMetrics(families).representation(.text004, .identity).body,
            as: UTF8.self
        )
        #expect(text.contains(#"app_version_info{build_timestamp="0",commit_hash="unknown",version="unknown"} 1"#))
        #expect(text.contains("\napp_active_task_count 0\n"))
        #expect(text.contains("\napp_agent_status 0\n"))
        #expect(text.contains(#"app_agent_state{state="unknown"} 1"#))
    }

    @Test("a mapped gauge is there while the agent says it, and never invented")
    func gauges() throws {
        let mapping = try GaugeMapping("app_queue=queue:The queue.")
        var reading = Polls.reading("RUNNING")
        reading.gauges = [7]
        let verdict = Verdict(Polls.after([(0, .reads(reading))]), VerdictConfiguration(), at: Polls.beginning)
        let said = try MappedFamilies([mapping]).families(verdict)
        #expect(said.map { $0.samples.map(\.value) } == [[.number(7)]])
        let none = Verdict(PollState(), VerdictConfiguration(fallback: .zero), at: Polls.beginning)
        #expect(try MappedFamilies([mapping]).families(none).isEmpty)
    }
}
