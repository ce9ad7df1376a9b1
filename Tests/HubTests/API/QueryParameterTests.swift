import AsyncHTTP
import Testing

@testable import Hub

@Suite("What a query asks for")
struct QueryParameterTests {
    private func query(_ text: String) throws -> LogQuery {
        try HistoryQuery(QueryParameters(RequestTarget("/q?\(text)"))).samples
    }

    @Test(
        "nothing is asked for by nothing, an empty value or an unknown name",
        arguments: ["", "component_name=&limit=", "x=1"]
    )
    func nothing(text: String) throws {
        let query = try query(text)
        #expect(query.componentName == nil)
        #expect(query.limit == 1000)
        #expect(query.labels.isEmpty)
    }

    @Test("each parameter has its place")
    func everything() throws {
        let query = try query(
            "component_name=w%201&component_type=t&runtime_id=9223372036854775807&metric_name=cpu&metric_type=GAUGE&label.host=a"
                + "&label.b=%C3%A9&start_time=1970-01-01T00:00:01Z&end_time=2.5&limit=10000&cursor=zz"
        )
        #expect(query.componentName == "w 1")
        #expect(query.componentType == "t")
        #expect(query.runtimeID == .max)
        #expect(query.name == "cpu")
        #expect(query.kind == .gauge)
        #expect(query.labels == [ReportedLabel(name: "host", value: "a"), ReportedLabel(name: "b", value: "é")])
        #expect((query.start, query.end) == (1000, 2500))
        #expect(query.limit == 10_000)
        #expect(query.cursor?.text == "zz")
    }

    @Test("a plus sign in a time zone that was not escaped is meant as one")
    func zones() throws {
        #expect(try query("start_time=1970-01-01T02:00:00+02:00").start == 0)
        #expect(try query("start_time=1970-01-01T02:00:00%2B02:00").start == 0)
        #expect(try query("start_time=1970-01-01%2000:00:01").start == 1000)
    }

    @Test(
        "what is wrong is named",
        arguments: [
            ("limit=0", "limit"), ("limit=10001", "limit"), ("limit=x", "limit"), ("runtime_id=-1", "runtime_id"),
            ("runtime_id=9223372036854775808", "runtime_id"), ("metric_type=unknown", "metric_type"),
            ("start_time=yesterday", "start_time"), ("end_time=2024-13-01T00:00:00Z", "end_time"),
            ("cursor=-1", "cursor"),
            ("cursor=%21", "cursor"),
        ]
    )
    func problems(text: String, parameter: String) {
        let problem = #expect(throws: QueryProblem.self) { try query(text) }
        #expect(problem?.parameter == parameter)
        #expect(problem?.description.hasPrefix("\(parameter) is not ") == true)
    }
}

@Suite("A component as a body names it")
struct ComponentBodyTests {
    private func component(_ text: String, type: String? = "worker_pool") throws -> Component {
        try ComponentBody(Array(text.utf8), type: type).component
    }

    @Test(
        "in the words of this hub and of its predecessor",
        arguments: [
            (#"{"component_name":"a","component_type":"t"}"#, "t", "a", nil),
            (#"{"name":"a"}"#, "worker_pool", "a", nil),
            (#"{"name":"a","kind":"broker","runtime":"cpu","capacity":4}"#, "broker", "a", nil),
            (#"{"name":"a","instance":"1"}"#, "worker_pool", "a", "1"),
            (#"{"name":"a","instance":"","component_name":null}"#, "worker_pool", "a", nil),
        ] as [(String, String, String, String?)]
    )
    func words(text: String, type: String, name: String, instance: String?) throws {
        #expect(try component(text) == Component(type: type, name: name, instance: instance))
    }

    @Test(
        "what names none",
        arguments: [
            "", "[]", "{", "{}", #"{"name":""}"#, #"{"name":7}"#, #"{"name":"a\u0000"}"#,
            #"{"name":"a","instance":[]}"#,
            #"{"name":"\#(String(repeating: "n", count: 256))"}"#,
            #"{"name":"a","kind":"\#(String(repeating: "k", count: 51))"}"#,
        ]
    )
    func problems(text: String) {
        #expect(throws: ComponentProblem.self) { try component(text) }
    }

    @Test("a type is needed where nothing says what it is")
    func types() {
        #expect(throws: ComponentProblem.self) { try component(#"{"component_name":"a"}"#, type: nil) }
    }
}
