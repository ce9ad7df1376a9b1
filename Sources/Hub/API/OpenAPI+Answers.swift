import JSON

extension OpenAPI {
    /// What is answered to any request that is not as it should be, or comes when it should not.
    static let usualAnswers: JSONValue = [
        "400": answer("Malformed"), "401": answer("Unknown"), "403": answer("Forbidden"), "429": answer("TooMany"),
        "503": answer("Unavailable"),
    ]

    static let answers: JSONValue = [
        "Malformed": error("What was sent cannot be read."),
        "Unknown": [
            "description": "Credentials are needed, or are not right.",
            "headers": ["WWW-Authenticate": ["required": true, "schema": ["type": "string"]]],
            "content": ["text/plain": ["schema": ["type": "string"]]],
        ],
        "Forbidden": error(
            "The caller may not do this, may not speak for this component, or is a page of another site."
        ),
        "Unregistered": error("Only registered components may report here, and this one is not."),
        "TooLarge": error("The body has more bytes, or more metrics, than a report may have: send it in parts."),
        "TooMany": [
            "description": "The component reports, or somebody asks, more often than is allowed.",
            "headers": ["Retry-After": ["required": true, "schema": seconds]],
            "content": errorContent,
        ],
        "Unavailable": [
            "description": "It cannot be done now: send it again later.",
            "headers": ["Retry-After": ["schema": seconds]],
            "content": errorContent,
        ],
    ]

    static func answer(_ name: String) -> JSONValue { ["$ref": .string("#/components/responses/\(name)")] }

    private static let seconds: JSONValue = ["type": "integer", "minimum": 1]

    /// JSON from the API, a line of text from the server.
    private static let errorContent: JSONValue = [
        "application/json": ["schema": schema("Error")], "text/plain": ["schema": ["type": "string"]],
    ]

    private static func error(_ description: JSONValue) -> JSONValue {
        ["description": description, "content": errorContent]
    }
}
