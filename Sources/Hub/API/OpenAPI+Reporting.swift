import JSON

extension OpenAPI {
    static let reporting: [Path] = [
        (
            HubPath.report,
            [
                "post": operation(
                    "reports",
                    "report",
                    "Takes a report; 200 when it is kept",
                    body: "Report",
                    [
                        "200": json(
                            "It is kept; samples that are not good are listed, and were left out.",
                            "ReportKept"
                        ),
                        "404": answer("Unregistered"), "413": answer("TooLarge"),
                        "422": json("It has samples, and none of them is good.", "Error"),
                    ]
                )
            ]
        ),
        (
            HubPath.selfReport,
            [
                "post": operation(
                    "reports",
                    "selfReport",
                    "The hub reports its own system metrics now",
                    parameters: [
                        parameter(
                            "component_name",
                            "Another name than the hub's own.",
                            schema("Name")
                        )
                    ],
                    [
                        "200": json("They are kept.", "SelfReportKept"), "404": answer("Unregistered"),
                        "413": answer("TooLarge"),
                        "422": json("It has samples, and there is no room for any of them.", "Error"),
                    ]
                )
            ]
        ),
    ]

    static let workers: [Path] = [
        (
            HubPath.pool(.register),
            ["post": pool("register", "Registers a worker, which reports by that, too", "Worker")]
        ),
        (HubPath.pool(.heartbeat), ["post": pool("heartbeat", "A sign of life of a worker", "Worker")]),
        (
            HubPath.pool(.deregister),
            [
                "post": pool("deregister", "Forgets that a worker is registered", "Worker"),
                "delete": pool("deregisterByDelete", "The same", "Worker"),
            ]
        ),
    ]

    /// What has a component as its body.
    static func pool(_ name: JSONValue, _ summary: JSONValue, _ body: String) -> JSONValue {
        operation(
            "workers",
            name,
            summary,
            body: body,
            [
                "200": json("It is done.", "Known"), "404": answer("Unregistered"), "413": answer("TooLarge"),
                "422": json("There is no place for another component.", "Error"),
            ]
        )
    }
}
