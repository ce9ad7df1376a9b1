import AsyncHTTP
import JSON
import Service

/// `GET /api/openapi.json`: the API for programs, as OpenAPI 3.1 has it. What it says is held against the server by a test.
enum OpenAPI {
    /// A path, and what can be asked there.
    typealias Path = (path: String, operations: JSONValue)

    /// - Parameters:
    ///   - telemetryPath: where metrics are scraped.
    ///   - reloads: whether files are read again when a request asks for it.
    static func response(telemetryPath: String, reloads: Bool) throws -> PreparedResponse {
        try APIAnswer.prepared(.ok, document(telemetryPath: telemetryPath, reloads: reloads).bytes)
    }

    static func document(telemetryPath: String, reloads: Bool) -> JSONValue {
        let paths = reporting + reading(telemetryPath) + workers + looking + (reloads ? [reload] : [])
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "agent-hub", "version": .string(BuildInfo.version),
                "summary": "Reports of workers in, one scrape out.",
                "description": """
                Errors of the API are JSON with a `detail`; what the server itself refuses, such as a request without credentials, \
                is one line of text. A hub asks for credentials only where its web configuration file says so.
                """,
            ],
            "security": [[:], ["basic": []], ["bearer": []]],
            "tags": [
                ["name": "reports", "description": "What components say."],
                ["name": "reading", "description": "What they have said."],
                ["name": "workers", "description": "Who may say something."],
                ["name": "hub", "description": "How the hub itself is."],
            ],
            "paths": .object(paths.map { JSONValue.Member($0.path, $0.operations) }),
            "components": [
                "schemas": schemas, "responses": answers,
                "securitySchemes": [
                    "basic": ["type": "http", "scheme": "basic"], "bearer": ["type": "http", "scheme": "bearer"],
                ],
            ],
        ]
    }
}

// MARK: Pieces

extension OpenAPI {
    static func operation(
        _ tag: JSONValue,
        _ name: JSONValue,
        _ summary: JSONValue,
        parameters: [JSONValue] = [],
        body: String? = nil,
        _ answers: JSONValue...
    ) -> JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member("tags", [tag]), JSONValue.Member("operationId", name),
            JSONValue.Member("summary", summary),
        ]
        if !parameters.isEmpty { members.append(JSONValue.Member("parameters", .array(parameters))) }
        if let body {
            let content: JSONValue = ["application/json": ["schema": schema(body)]]
            members.append(JSONValue.Member("requestBody", ["required": true, "content": content]))
        }
        let own = answers.flatMap(\.members)
        // Whoever is asked may be locked, or busy; what one answer says more particularly stands instead.
        let shared = usualAnswers.members.filter { usual in !own.contains { $0.name == usual.name } }
        members.append(JSONValue.Member("responses", .object(own + shared)))
        return .object(members)
    }

    static func parameter(_ name: JSONValue, _ description: JSONValue, _ schema: JSONValue) -> JSONValue {
        // Without a value it asks for nothing.
        ["name": name, "in": "query", "description": description, "allowEmptyValue": true, "schema": schema]
    }

    /// A schema of `schemas`.
    static func schema(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    static func json(_ description: JSONValue, _ schema: String) -> JSONValue {
        ["description": description, "content": ["application/json": ["schema": Self.schema(schema)]]]
    }

    static func text(_ description: JSONValue, type: String = "text/plain") -> JSONValue {
        ["description": description, "content": .object([JSONValue.Member(type, ["schema": ["type": "string"]])])]
    }

    static func object(_ properties: JSONValue, optional: Set<String> = []) -> JSONValue {
        let required = properties.members.map(\.name).filter { !optional.contains($0) }
        return ["type": "object", "required": .array(required.map(JSONValue.string)), "properties": properties]
    }

    static func list(of schema: String) -> JSONValue { ["type": "array", "items": Self.schema(schema)] }
}

extension JSONValue {
    fileprivate var members: [Member] { if case .object(let members) = self { members } else { [] } }
}
