import JSON

/// Reads an agent's JSON field by field: one that is odd never costs the others.
struct AgentDecoder: Sendable {
    /// The keys that are read, as they are named in `agent_exporter_fields_invalid_total`.
    let fieldNames: [String]

    /// Longer texts are cut: they become labels, which every scraper has to store.
    static let longestText = 1024

    private static let standardPaths = [
        ["buildInfo", "version"], ["buildInfo", "commitHash"], ["buildInfo", "buildTimestamp"], ["agentStatus"],
        ["runnerStatus"], ["activeTaskCount"], ["activeRequestCount"], ["openSessionsCount"], ["buildInfo"],
    ]

    private let fields: JSONFields
    /// Where in what is read each gauge finds its value. Two gauges may ask for the same.
    private let gaugePlaces: [Int]

    init(gauges: [GaugeMapping] = []) {
        var paths = Self.standardPaths
        gaugePlaces = gauges.map { mapping in
            if let place = paths.firstIndex(of: mapping.path) { return place }
            paths.append(mapping.path)
            return paths.count - 1
        }
        fields = JSONFields(paths)
        fieldNames = paths.map { $0.joined(separator: ".") }
    }

    /// - Throws: when the whole is not a JSON object.
    func decode(_ body: [UInt8]) throws(JSONError) -> AgentReading {
        let values = try fields.read(body)
        var invalid: Set<Int> = []
        var reading = AgentReading()
        reading.version = text(values, 0, &invalid)
        reading.commitHash = text(values, 1, &invalid)
        reading.buildTimestamp = text(values, 2, orNumber: true, &invalid)
        reading.status = word(values, 3, &invalid) ?? word(values, 4, &invalid)
        reading.activeTasks = number(values, 5, &invalid)
        reading.activeRequests = number(values, 6, &invalid)
        reading.openSessions = number(values, 7, &invalid)
        switch values[8] {
        case .absent, .null, .container: break
        case .boolean, .number, .string: invalid.insert(8)
        }
        reading.gauges = gaugePlaces.map { number(values, $0, &invalid) }
        reading.invalidFields = invalid.sorted().map { fieldNames[$0] }
        return reading
    }

    private func text(
        _ values: [JSONScalar],
        _ place: Int,
        orNumber: Bool = false,
        _ invalid: inout Set<Int>
    ) -> String? {
        switch values[place] {
        case .absent, .null: return nil
        case .string(let text): return text.cut(toBytes: Self.longestText)
        case .number(let number) where orNumber && !number.text.isEmpty:
            return number.text.cut(toBytes: Self.longestText)
        case .number, .boolean, .container:
            invalid.insert(place)
            return nil
        }
    }

    /// A text; an empty one says nothing.
    private func word(_ values: [JSONScalar], _ place: Int, _ invalid: inout Set<Int>) -> String? {
        text(values, place, &invalid).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func number(_ values: [JSONScalar], _ place: Int, _ invalid: inout Set<Int>) -> Double? {
        switch values[place] {
        case .absent, .null: return nil
        // No value is -0.
        case .number(let number) where number.value.isFinite: return number.value + 0
        case .string(let text):
            if let number = Self.number(in: text) { return number }
        case .number, .boolean, .container: break
        }
        invalid.insert(place)
        return nil
    }

    /// A string that holds a number, as JSON would write it, and nothing else.
    private static func number(in text: String) -> Double? {
        guard text.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F }) else { return nil }
        var scanner = JSONScanner(Array(text.utf8))
        guard let number = try? scanner.number(), scanner.peek() == nil, number.value.isFinite else { return nil }
        return number.value + 0
    }
}
