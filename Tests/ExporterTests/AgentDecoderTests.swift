import Flags
import Testing

@testable import Exporter

@Suite("Reading an agent's answer")
struct AgentDecoderTests {
    private func decode(_ text: String, gauges: [GaugeMapping] = []) throws -> AgentReading {
        try AgentDecoder(gauges: gauges).decode(Array(text.utf8))
    }

    @Test("everything that a complete answer says")
    func complete() throws {
        let reading = try decode(
            #"{"buildInfo":{"version":"1.2","commitHash":"abc","buildTimestamp":"2026"},"agentStatus":"RUNNING","#
                + #""activeTaskCount":3,"activeRequestCount":4.5,"openSessionsCount":"6"}"#
        )
        var expected = AgentReading(version: "1.2", commitHash: "abc", buildTimestamp: "2026", status: "RUNNING")
        expected.activeTasks = 3
        expected.activeRequests = 4.5
        expected.openSessions = 6
        #expect(reading == expected)
        #expect(reading.state == .running)
    }

    @Test(
        "an empty object, and one of nulls, say nothing and are not wrong",
        arguments: [
            "{}", #"{"buildInfo":null,"agentStatus":null,"activeTaskCount":null}"#,
            #"{"agentStatus":"","runnerStatus":""}"#,
            #"{"buildInfo":{"version":null,"commitHash":null,"buildTimestamp":null}}"#,
        ]
    )
    func nothing(text: String) throws {
        #expect(try decode(text) == AgentReading())
    }

    @Test(
        "a value of the wrong kind costs its own field only, and is told",
        arguments: [
            (#""activeTaskCount":true"#, "activeTaskCount"), (#""activeTaskCount":{}"#, "activeTaskCount"),
            (#""activeTaskCount":"NaN""#, "activeTaskCount"), (#""activeTaskCount":"""#, "activeTaskCount"),
            (#""activeTaskCount":"5 ""#, "activeTaskCount"), (#""activeTaskCount":"\ufeff5""#, "activeTaskCount"),
            (#""activeTaskCount":"+5""#, "activeTaskCount"), (#""activeTaskCount":"5 apples""#, "activeTaskCount"),
            (#""activeTaskCount":1e999"#, "activeTaskCount"), (#""activeTaskCount":[1]"#, "activeTaskCount"),
            (#""agentStatus":1"#, "agentStatus"), (#""buildInfo":"1.2""#, "buildInfo"),
            (#""buildInfo":{"version":1}"#, "buildInfo.version"),
            (#""buildInfo":{"buildTimestamp":{}}"#, "buildInfo.buildTimestamp"),
        ]
    )
    func wrongKind(field: String, name: String) throws {
        let reading = try decode("{\(field),\"openSessionsCount\":7}")
        #expect(reading.invalidFields == [name])
        #expect(reading.openSessions == 7)
        #expect(reading.activeTasks == nil)
    }

    @Test(
        "counts come as integers, floats and strings of either",
        arguments: [
            ("5", 5), ("5.5", 5.5), (#""5""#, 5), (#""5.5""#, 5.5), ("-1", -1), ("1e3", 1000),
            ("9007199254740993", 9007199254740992),
        ]
    )
    func counts(text: String, value: Double) throws {
        #expect(try decode("{\"activeTaskCount\":\(text)}").activeTasks == value)
    }

    @Test("zero has no sign", arguments: ["-0", #""-0""#, "-0.0", #""-0e5""#])
    func zero(text: String) throws {
        #expect(try decode("{\"activeTaskCount\":\(text)}").activeTasks?.sign == .plus)
    }

    @Test("a build timestamp may be a number, and keeps its digits")
    func timestamp() throws {
        #expect(try decode(#"{"buildInfo":{"buildTimestamp":1768469400000}}"#).buildTimestamp == "1768469400000")
    }

    @Test(
        "runnerStatus stands for agentStatus when that is not there",
        arguments: [
            (#"{"runnerStatus":"RUNNING"}"#, "RUNNING"),
            (#"{"runnerStatus":"STOPPED","agentStatus":"RUNNING"}"#, "RUNNING"),
            (#"{"runnerStatus":"STOPPED","agentStatus":null}"#, "STOPPED"),
            (#"{"runnerStatus":"STOPPED","agentStatus":""}"#, "STOPPED"),
        ]
    )
    func runnerStatus(text: String, status: String) throws {
        #expect(try decode(text).status == status)
    }

    @Test(
        "states",
        arguments: [
            ("RUNNING", AgentState.running), ("PENDING_SHUTDOWN", .pendingShutdown), ("SHUTTING_DOWN", .shuttingDown),
            ("STOPPED", .stopped), ("running", .running), ("Shutting_Down", .shuttingDown), ("", .unknown),
            ("RUNNING\n", .unknown), ("runnıng", .unknown), ("STÖPPED", .unknown),
        ]
    )
    func states(text: String, state: AgentState) {
        #expect(AgentState(status: text) == state)
    }

    @Test("mapped gauges are found by their paths, also where a standard value is")
    func gauges() throws {
        let mappings = [
            try GaugeMapping("app_queue=pool.queue:The queue."), try GaugeMapping("app_tasks=activeTaskCount"),
            try GaugeMapping("app_none=none"), try GaugeMapping("app_odd=odd"),
        ]
        let text = #"{"pool":{"queue":"3"},"activeTaskCount":2,"odd":[]}"#
        let reading = try decode(text, gauges: mappings)
        #expect(reading.gauges == [3, 2, nil, nil])
        #expect(reading.invalidFields == ["odd"])
    }

    @Test(
        "a mapping that cannot be a gauge is refused",
        arguments: [
            "", "app_x", "=x", "app_x=", "app x=x", "app_x=a..b", "app_x=.a", "5x=a",
        ]
    )
    func badMappings(text: String) {
        #expect(throws: ValueProblem.self) { try GaugeMapping(text) }
    }

    @Test("a long text is cut where a character ends")
    func longText() throws {
        let text = String(repeating: "é", count: 600) + "x"
        let version = try #require(try decode("{\"buildInfo\":{\"version\":\"a\(text)\"}}").version)
        #expect(version == "a" + String(repeating: "é", count: 511))
    }
}
