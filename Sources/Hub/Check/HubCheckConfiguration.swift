import Flags
import Reporting

/// How `check` looks at a hub.
struct HubCheckConfiguration: Sendable, Hashable {
    /// How long all of it may take: what was reported need not be found at once.
    var timeout = Duration.seconds(10)

    static let flags: [Flag<HubCheckConfiguration>] = [
        .value("timeout", nil, "DURATION", "10s", "How long the whole check may take.") {
            $0.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        }
    ]

    /// The hub that is named on the command line.
    static func hub(in operands: [String]) throws(UsageError) -> HubURL {
        guard operands.count == 1 else {
            throw UsageError("check needs the URL of one hub, as in: agent-hub check http://localhost:8082")
        }
        do {
            return try HubURL(operands[0])
        } catch {
            throw UsageError("check", operands[0], ValueProblem("\(error)"))
        }
    }
}
