import Flags

/// Settings by their names, as flags and `POST /simulate` give them.
extension SimulatedBehavior {
    struct Knob: Sendable {
        let name: String
        /// Nil is the default.
        let set: @Sendable (inout SimulatedBehavior, String?) throws(ValueProblem) -> Void

        init<Value: Sendable>(
            _ name: String,
            _ property: any WritableKeyPath<SimulatedBehavior, Value> & Sendable,
            _ read: @escaping @Sendable (String) throws(ValueProblem) -> Value
        ) {
            self.name = name
            set = { behavior, text throws(ValueProblem) in
                if let text {
                    behavior[keyPath: property] = try read(text)
                } else {
                    behavior[keyPath: property] = SimulatedBehavior()[keyPath: property]
                }
            }
        }
    }

    static let settings: [Knob] = [
        Knob("latency", \.latency) { text throws(ValueProblem) in try Values.duration(text) },
        Knob("hang", \.hang, Values.toggle),
        Knob("status", \.status) { text throws(ValueProblem) in try Values.number(text, in: 200...599) },
        Knob("body", \.body) { text throws(ValueProblem) in text.isEmpty ? nil : text },
        Knob("drip", \.drip) { text throws(ValueProblem) in try Values.number(text, in: 0...1_000_000_000) },
        Knob("reset", \.reset, Values.toggle),
        Knob("refuse", \.refuse) { text throws(ValueProblem) in try Values.duration(text) },
        Knob("agentStatus", \.agentStatus) { text throws(ValueProblem) in text },
        Knob("activeTaskCount", \.activeTasks, count),
        Knob("activeRequestCount", \.activeRequests, count),
        Knob("openSessionsCount", \.openSessions, count),
    ]

    mutating func set(_ name: String, to text: String?) throws(ValueProblem) {
        guard let setting = Self.settings.first(where: { $0.name == name }) else { throw Self.unknown(name) }
        try setting.set(&self, text)
    }

    static func unknown(_ name: String) -> ValueProblem {
        let names = settings.map(\.name)
        return ValueProblem(
            "no such setting\(Suggestion.clause(name, of: names)); there are \(names.joined(separator: ", "))"
        )
    }

    @Sendable private static func count(_ text: String) throws(ValueProblem) -> Int? {
        text.isEmpty ? nil : try Values.number(text, in: 0...1_000_000_000)
    }
}
