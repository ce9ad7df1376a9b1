import Telemetry
import Testing

enum Light: String, CaseIterable, Sendable {
    case red, green
}

@Suite("StateSet")
struct StateSetTests {
    /// Two cases that would print the same.
    private struct Ambiguous: RawRepresentable, CaseIterable, Sendable {
        static let allCases = [Ambiguous(rawValue: "a"), Ambiguous(rawValue: "a")]
        let rawValue: String
    }

    private struct Nothing: RawRepresentable, CaseIterable, Sendable {
        static let allCases: [Nothing] = []
        let rawValue: String
    }

    @Test("it is in one state at a time, and in none until it was set")
    func states() throws {
        let registry = Registry()
        let light = try registry.stateSet("light", help: "Light.", of: Light.self)
        #expect(light.state == nil)
        #expect(
            text(registry)
                == "# HELP light Light.\n# TYPE light gauge\nlight{light=\"red\"} 0\nlight{light=\"green\"} 0\n"
        )
        light.set(to: .red)
        light.set(to: .green)
        #expect(light.state == .green)
        #expect(
            text(registry, .openMetrics100) == """
                # HELP light Light.
                # TYPE light stateset
                light{light="red"} 0.0
                light{light="green"} 1.0
                # EOF

                """
        )
        #expect(try StateSet<Light>(initial: .red).state == .red)
    }

    @Test("with labels, each has a state of its own")
    func labeled() throws {
        let registry = Registry()
        let lights = try registry.stateSet("light", help: "", initial: Light.red, labels: ["road"])
        try lights.with("north").set(to: .green)
        _ = try lights.with("south")
        let lines = text(registry).split(separator: "\n").filter { $0.hasSuffix(" 1") }
        #expect(lines == ["light{road=\"north\",light=\"green\"} 1", "light{road=\"south\",light=\"red\"} 1"])
    }

    @Test("states that a reader could not tell apart, and no states at all, are refused")
    func refused() throws {
        let registry = Registry()
        #expect(throws: MetricsError.invalidStates(["a", "a"])) {
            try registry.stateSet("x", help: "", of: Ambiguous.self)
        }
        #expect(throws: MetricsError.invalidStates([])) { try StateSet<Nothing>() }
        #expect(throws: MetricsError.invalidStates([])) {
            try registry.stateSet("x", help: "", of: Nothing.self, labels: ["a"])
        }
        #expect(MetricsError.invalidStates([]).description.contains("at least one"))
        #expect(throws: MetricsError.stateCount(expected: 1, given: 2)) {
            try StatesReading(states: States(["a"]), isOn: [true, false])
        }
        #expect(try States(["é", "e\u{301}"]).names.count == 2)
        _ = try registry.gauge("x", help: "") as Gauge
    }

    @Test("its own name is a label already", arguments: ["a:b", "le", "__x"])
    func names(name: String) throws {
        let registry = Registry()
        #expect(throws: MetricsError.self) { try registry.stateSet(name, help: "", of: Light.self) }
        #expect(throws: MetricsError.stateSetLabelName("x")) {
            try registry.stateSet("x", help: "", of: Light.self, labels: ["a", "x"])
        }
        #expect(MetricsError.stateSetLabelName("x").description.contains("'x'"))
        #expect(registry.gather().isEmpty)
    }
}
