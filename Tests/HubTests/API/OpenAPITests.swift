import JSON
import Testing

@testable import Hub

@Suite("The description of the API")
struct OpenAPITests {
    private let document = OpenAPI.document(telemetryPath: "/told", reloads: true)

    @Test("every path that is documented is described, and every one that is described is documented")
    func paths() {
        let described = document["paths"]?.names ?? []
        #expect(Set(described) == Set(HubEndpoints.paths + ["/told", "/-/reload"]))
        #expect(Set(described).count == described.count)
        let plain = OpenAPI.document(telemetryPath: "/metrics", reloads: false)
        #expect(Set(plain["paths"]?.names ?? []) == Set(HubEndpoints.paths + ["/metrics"]))
    }

    @Test("what is referred to is there, and what is there is referred to")
    func references() {
        for part in ["schemas", "responses"] {
            let there = document["components"]?[part]?.names ?? []
            let meant = document.strings(of: "$ref").filter { $0.hasPrefix("#/components/\(part)/") }
                .map { String($0.dropFirst("#/components/\(part)/".count)) }
            #expect(Set(there) == Set(meant))
        }
    }

    @Test("operations have names of their own, which become those of a client's functions")
    func names() {
        let names = document.strings(of: "operationId")
        #expect(Set(names).count == names.count && names.count == 20)
    }

    @Test("whatever is asked for may be refused for want of credentials or of time")
    func refusals() {
        for path in document["paths"]?.members ?? [] {
            for operation in path.value.members {
                let answers = operation.value["responses"]?.names ?? []
                #expect(Set(answers).isSuperset(of: ["200", "400", "401", "403", "429", "503"]), "\(path.name)")
                #expect(Set(answers).count == answers.count, "\(path.name)")
            }
        }
    }

    @Test("what a report may be is what the decoder takes at most")
    func limits() {
        let report = document["components"]?["schemas"]?["Report"]?["properties"]
        #expect(report?["metrics"]?["maxItems"] == .number(Double(ReportLimits().metrics)))
        #expect(report?["ttl_seconds"]?["maximum"] == 86_400 && report?["ttl_seconds"]?["minimum"] == 1)
        guard case .string(let pattern)? = report?["component_name"]?["pattern"] else {
            Issue.record("no pattern")
            return
        }
        #expect(pattern == #"^([\u0001-\u007f]{1,255}|[^\u0000]{1,63})$"#)
        #expect(document["components"]?["schemas"]?["Kind"]?["enum"] == ["gauge", "counter", "histogram", "summary"])
    }
}

extension JSONValue {
    fileprivate var members: [Member] { if case .object(let members) = self { members } else { [] } }

    fileprivate var names: [String] { members.map(\.name) }

    /// The texts of all members of a name, wherever they are.
    fileprivate func strings(of name: String) -> [String] {
        switch self {
        case .array(let elements): elements.flatMap { $0.strings(of: name) }
        case .object(let members):
            members.flatMap { member in
                if member.name == name, case .string(let text) = member.value { return [text] }
                return member.value.strings(of: name)
            }
        default: []
        }
    }
}
