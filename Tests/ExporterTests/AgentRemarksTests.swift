import AsyncHTTP
import Telemetry
import Testing

@testable import Exporter

@Suite("What the agent says in a way that is not understood")
struct AgentRemarksTests {
    private func text(_ reading: AgentReading, _ fallback: Fallback, hasAliases: Bool = false) throws -> String {
        let verdict = Verdict(
            Polls.after([(0, .reads(reading))]),
            VerdictConfiguration(fallback: fallback),
            at: Polls.beginning
        )
        let families = try AgentFamilies(
            polledEvery: .seconds(1),
            heldFor: .seconds(30),
            hasAliases: hasAliases
        ).families(verdict).filter { !$0.samples.isEmpty }
        return String(decoding: RenderedMetrics(families).representation(.text004, .identity).body, as: UTF8.self)
    }

    @Test("what is missing has its default, and with omit is left out alone")
    func missing() throws {
        let reading = AgentReading(commitHash: "abc", status: "RUNNING", activeTasks: 7)
        let omitted = try text(reading, .omit)
        #expect(omitted.contains("\napp_active_task_count 7\n") && omitted.contains(#"version="unknown"} 1"#))
        #expect(!omitted.contains("app_open_sessions_count") && !omitted.contains("app_active_request_count"))
        let defaulted = try text(reading, .auto)
        #expect(defaulted.contains("\napp_open_sessions_count 0\n"))
        let nothing = try text(AgentReading(), .omit)
        #expect(!nothing.contains("app_version_info") && !nothing.contains("app_agent_status"))
        #expect(nothing.contains(#"app_agent_state{state="unknown"} 1"#))
    }

    @Test("two names of other documents, where they are wanted")
    func aliases() throws {
        let reading = AgentReading(version: "1", status: "RUNNING", openSessions: 3)
        let both = try text(reading, .auto, hasAliases: true)
        #expect(both.contains("\napp_open_sessions 3\n") && both.contains("\napp_open_sessions_count 3\n"))
        #expect(both.contains(#"app_build_info{build_timestamp="0",commit_hash="unknown",version="1"} 1"#))
        let one = try text(reading, .auto)
        #expect(!one.contains("app_open_sessions ") && !one.contains("app_build_info"))
    }

    @Test("a status that is not known is told as it came")
    func reported() {
        func verdict(_ status: String?) -> Verdict {
            Verdict(Polls.after([(0, .reads(Polls.reading(status)))]), VerdictConfiguration(), at: Polls.beginning)
        }
        #expect(verdict(String(repeating: "é", count: 50)).reported == String(repeating: "é", count: 40))
        #expect(verdict("Paused").reported == "Paused" && verdict("Paused").state == .unknown)
        #expect(verdict("running").reported == nil && verdict(nil).reported == nil)
    }

    @Test("a status that is not known is a label while it is said")
    func reportedLabel() throws {
        let paused = try text(AgentReading(status: "PAUSED \"now\"\n"), .auto)
        #expect(paused.contains(#"app_agent_reported_status{status="PAUSED \"now\"\n"} 1"#))
        #expect(!(try text(AgentReading(status: "STOPPED"), .auto)).contains("app_agent_reported_status"))
    }

    @Test("a change is told once; when there are more than ten, one a minute, the last one in any case")
    func notices() {
        var notice = ChangeNotice<String>()
        func told(_ value: String?, _ second: Double) -> String? {
            notice.changed(to: value, at: Polls.instant(second))
        }
        #expect(told(nil, 0) == nil)
        #expect(told("a", 1) == "a" && told("a", 2) == nil && told("a", 200) == nil)
        #expect(told("b", 201) == "b" && told(nil, 202) == nil && told("b", 203) == "b")
        for number in 0..<8 { #expect(told("\(number)", 204) == "\(number)") }
        #expect(told("c", 205) == nil && told("7", 206) == nil && told("c", 260.9) == nil)
        #expect(told("c", 261) == "c" && told("d", 262) == nil && told("d", 321) == "d")
        for number in 0..<10 { #expect(told("\(number)", 2000) == "\(number)") }
        #expect(told("e", 2001) == nil, "no more than ten are saved up")
    }
}
