import Command

/// Settings by their names, as flags and `POST /simulate` give them.
extension SimulatedBehavior {
    static let settings = [
        "latency", "hang", "status", "body", "drip", "reset", "refuse", "agentStatus", "activeTaskCount",
        "activeRequestCount", "openSessionsCount",
    ]

    mutating func set(_ setting: String, to text: String) throws(ValueProblem) {
        switch setting {
        case "latency": latency = try Values.duration(text)
        case "hang": hang = try Values.toggle(text)
        case "status": status = try Values.number(text, in: 200...599)
        case "body": body = text.isEmpty ? nil : text
        case "drip": drip = try Values.number(text, in: 0...1_000_000_000)
        case "reset": reset = try Values.toggle(text)
        case "refuse": refuse = try Values.duration(text)
        case "agentStatus": agentStatus = text
        case "activeTaskCount": activeTasks = try Self.count(text)
        case "activeRequestCount": activeRequests = try Self.count(text)
        case "openSessionsCount": openSessions = try Self.count(text)
        default: throw ValueProblem("no such setting; there are \(Self.settings.joined(separator: ", "))")
        }
    }

    private static func count(_ text: String) throws(ValueProblem) -> Int? {
        text.isEmpty ? nil : try Values.number(text, in: 0...1_000_000_000)
    }
}
