import Access
import JSON

extension OpenAPI {
    static func reading(_ telemetryPath: String) -> [Path] {
        [
            (
                HubPath.query,
                [
                    "get": operation(
                        "reading",
                        "query",
                        "Samples from the store, the newest first",
                        parameters: queryParameters,
                        ["200": json("As many as were asked for, or as could be found in two seconds.", "Page")]
                    )
                ]
            ),
            (
                HubPath.export,
                [
                    "get": operation(
                        "reading",
                        "export",
                        "The newest sample of every series, for Prometheus; with a parameter those of some components alone",
                        parameters: Array(queryParameters[..<1] + queryParameters[2..<3]),
                        ["200": exposition]
                    )
                ]
            ),
            (
                HubPath.components,
                [
                    "get": operation(
                        "reading",
                        "components",
                        "Who reports, how old that is, how many series it is",
                        ["200": json("All that report, did lately, or are registered.", "Components")]
                    ),
                    "post": pool(
                        "registerComponent",
                        "Registers a component, which reports by that, too",
                        "Registration"
                    ),
                ]
            ),
            (
                telemetryPath,
                [
                    "get": operation(
                        "reading",
                        "metrics",
                        "The newest sample of every series, for Prometheus",
                        ["200": exposition]
                    )
                ]
            ),
        ]
    }

    static let looking: [Path] = [
        (
            HubPath.description,
            [
                "get": operation(
                    "hub",
                    "description",
                    "This description",
                    [
                        "200": [
                            "description": "An OpenAPI document.",
                            "content": ["application/json": ["schema": ["type": "object"]]],
                        ]
                    ]
                )
            ]
        ),
        (
            HubPath.page,
            ["get": operation("hub", "page", "A page for people", ["200": text("How the hub is.", type: "text/html")])]
        ),
        (
            HubPath.status,
            ["get": operation("hub", "status", "The facts of the page", ["200": json("How the hub is.", "Status")])]
        ),
        ("/healthz", ["get": health("alive", "Whether the event loops run")]),
        (
            "/readyz",
            ["get": health("ready", "Whether the log has been read after a start, and the program does not end")]
        ),
        ("/-/healthy", ["get": plainHealth("plainlyAlive", "As `/healthz`, in plain text")]),
        ("/-/ready", ["get": plainHealth("plainlyReady", "As `/readyz`, in plain text")]),
    ]

    static let reload: Path = (
        Scope.reloadPath,
        [
            "post": reloading("reload"), "put": reloading("reloadByPut"),
        ]
    )

    // MARK: Pieces

    /// The server takes no request with U+0000 in its target.
    private static let word: JSONValue = ["type": "string", "pattern": "^[^\\u0000]*$"]

    private static let queryParameters: [JSONValue] = [
        parameter("component_name", "Of components with this name.", word),
        parameter("component_type", "Of components of this type.", word),
        parameter(
            "runtime_id",
            "Of the component with this number.",
            ["type": "integer", "format": "int64", "minimum": 0]
        ),
        parameter(
            "metric_name",
            "Of metrics with this name; where there is none, of those whose names have it in them.",
            word
        ),
        parameter("metric_type", "Of metrics of this type.", schema("Kind")),
        [
            "name": "labels", "in": "query", "style": "form", "explode": true,
            "description": "Of series with these labels, each as `label.NAME=VALUE`.",
            "schema": [
                "type": "object", "propertyNames": ["pattern": "^label\\.[a-zA-Z_][a-zA-Z0-9_]*$"],
                "additionalProperties": word,
            ],
        ],
        parameter("start_time", "Taken then or later: RFC 3339 or Unix seconds.", schema("Time")),
        parameter("end_time", "Taken then or earlier.", schema("Time")),
        parameter(
            "limit",
            "How many at most.",
            [
                "type": "integer", "minimum": 1, "maximum": .number(Double(LogQuery.longest)),
                "default": .number(Double(LogQuery().limit)),
            ]
        ),
        parameter(
            "cursor",
            "Where an answer ended: its `next`.",
            [
                "type": "string",
                "pattern":
                    "^([0-9a-zA-Z]{1,12}|(u\\.[0-9a-z]{1,12}|s\\.[0-9a-z]{1,12}\\.[0-9a-z]{1,13})(\\.[0-9a-z]{1,12}){3})$",
            ]
        ),
    ]

    private static let exposition: JSONValue = [
        "description": "In the format that `Accept` prefers.",
        "content": [
            "text/plain": ["schema": ["type": "string"]],
            "application/openmetrics-text": ["schema": ["type": "string"]],
        ],
    ]

    private static func health(_ name: JSONValue, _ summary: JSONValue) -> JSONValue {
        operation("hub", name, summary, ["200": healthAnswer("It is so."), "503": healthAnswer("It is not so.")])
    }

    /// Those who may know no more are told a word.
    private static func healthAnswer(_ description: JSONValue) -> JSONValue {
        [
            "description": description,
            "content": [
                "application/json": ["schema": schema("Health")], "text/plain": ["schema": ["type": "string"]],
            ],
        ]
    }

    private static func plainHealth(_ name: JSONValue, _ summary: JSONValue) -> JSONValue {
        operation("hub", name, summary, ["200": text("It is so."), "503": text("It is not so.")])
    }

    private static func reloading(_ name: JSONValue) -> JSONValue {
        operation(
            "hub",
            name,
            "Reads configuration files and certificates again",
            ["200": text("They are in force."), "500": text("One of them is wrong, and those of before are in force.")]
        )
    }
}
