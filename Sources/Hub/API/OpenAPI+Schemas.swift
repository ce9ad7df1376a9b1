import AsyncHTTP
import JSON

extension OpenAPI {
    static let schemas: JSONValue = [
        "Report": report, "Sample": sample, "Registration": registration, "Worker": worker,
        "Name": text(limits.name), "Kind": ["type": "string", "enum": kinds], "Time": time,
        "ReportKept": reportKept, "Rejection": rejection, "SelfReportKept": selfReportKept, "Known": known,
        "Error": error, "Page": page, "Row": row, "Components": components, "Component": component, "Health": health,
        "Status": status,
    ]

    // MARK: What is sent

    private static let limits = ReportLimits()
    private static let kinds: JSONValue = .array(ReportedKind.allCases.map { .string($0.name) })

    /// Of bytes there is no word in a schema: so many characters of ASCII, or a quarter of any. What is between is taken, too.
    private static func text(_ limit: ByteCount, least: Int = 0, orNull: Bool = false) -> JSONValue {
        [
            "type": orNull ? ["string", "null"] : "string",
            "pattern": .string(
                "^([\\u0001-\\u007f]{\(least),\(limit.bytes)}|[^\\u0000]{\(least),\(limit.bytes / 4)})$"
            ),
            "description": .string("At most \(limit.bytes) bytes of UTF-8, without U+0000."),
        ]
    }

    private static func word(_ limit: ByteCount) -> JSONValue { text(limit, least: 1) }

    private static let report: JSONValue = [
        "type": "object", "required": ["component_name", "component_type", "metrics"],
        "properties": [
            "component_name": word(limits.name), "component_type": word(limits.word),
            "instance": instance,
            "report_id": [
                "anyOf": [["type": "number"], text(limits.name, orNull: true)],
                "description": "The same one within a day is the same report, and is kept once.",
            ],
            "ttl_seconds": [
                "type": ["number", "null"], "minimum": .number(limits.ttl.lowerBound / .seconds(1)),
                "maximum": .number(limits.ttl.upperBound / .seconds(1)),
                "description": "How long the samples are exported, unless newer ones come.",
            ],
            "metrics": ["type": "array", "maxItems": .number(Double(limits.metrics)), "items": schema("Sample")],
        ],
    ]

    private static let sample: JSONValue = [
        "type": "object", "required": ["metric_name", "metric_type", "metric_value"],
        "description": "One that is not good is left out of its report, with a reason; the others are kept.",
        "properties": [
            "metric_name": [
                "type": "string", "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*$",
                "maxLength": .number(Double(limits.name.bytes)),
                "not": ["pattern": "^(up$|scrape_|agent_hub_)"],
            ],
            "metric_type": schema("Kind"),
            "metric_value": [
                "anyOf": [["type": "number"], ["type": "string", "enum": ["NaN", "+Inf", "-Inf"]]],
                "description": "A number may be a text, too.",
            ],
            "timestamp": [
                "anyOf": [["type": "null"], schema("Time")],
                "description": "When it was taken; without one, when it arrives.",
            ],
            "labels": [
                "type": ["object", "null"], "maxProperties": .number(Double(limits.labels)),
                "propertyNames": [
                    "pattern": "^(_|_?[a-zA-Z][a-zA-Z0-9_]*|_[0-9][a-zA-Z0-9_]*)$",
                    "maxLength": .number(Double(limits.name.bytes)),
                ],
                "additionalProperties": [
                    "anyOf": [["type": ["number", "boolean"]], text(limits.labelValue, orNull: true)]
                ],
            ],
            "help_text": text(limits.help, orNull: true), "unit": text(limits.word, orNull: true),
        ],
    ]

    private static let time: JSONValue = [
        "anyOf": [
            // The beginning of the first year.
            ["type": "number", "minimum": -62_135_596_800],
            ["type": "string", "format": "date-time"],
        ],
        "description": "Unix seconds, or RFC 3339; without a zone it is UTC.",
    ]

    private static let registration = object(
        ["component_name": word(limits.name), "component_type": word(limits.word), "instance": instance],
        optional: ["instance"]
    )

    private static let worker = object(
        ["component_name": word(limits.name), "component_type": workerType, "instance": instance],
        optional: ["component_type", "instance"]
    )

    private static let workerType: JSONValue = [
        "anyOf": [["type": "null"], word(limits.word)],
        "description": .string("`\(Component.workerType)` if it is not said."),
    ]

    /// Which of several with one name.
    private static let instance = text(limits.name, orNull: true)

    // MARK: What is answered

    private static let number: JSONValue = ["type": "integer", "minimum": 0]
    private static let runtimeID: JSONValue = ["type": "integer", "format": "int64", "minimum": 0]
    private static let name: JSONValue = ["type": "string"]
    private static let nameOrNone: JSONValue = ["type": ["string", "null"]]
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]

    private static let reportKept = object(
        [
            "status": ["const": "ok"], "runtime_id": runtimeID, "metrics_inserted": number,
            "duplicate": ["const": true, "description": "It was kept before."], "rejected": list(of: "Rejection"),
        ],
        optional: ["duplicate"]
    )

    private static let rejection = object([
        "index": number, "metric_name": nameOrNone, "reason": name,
    ])

    private static let selfReportKept = object([
        "status": ["const": "ok"], "component_name": name, "runtime_id": runtimeID, "metrics_reported": number,
    ])

    private static let known = object([
        "status": ["const": "ok"], "name": name, "runtime_id": runtimeID, "component_name": name,
        "component_type": name,
        "instance": nameOrNone,
    ])

    private static let error = object(
        [
            "status": ["const": "error"],
            "detail": ["type": "string", "description": "What is wrong, and what to do."],
            "runtime_id": runtimeID, "metrics_inserted": ["const": 0], "rejected": list(of: "Rejection"),
        ],
        optional: ["runtime_id", "metrics_inserted", "rejected"]
    )

    private static let page = object(
        [
            "metrics": list(of: "Row"), "count": number, "limit": number,
            "next": ["type": ["string", "null"], "description": "The `cursor` of what follows; null at the end."],
            "source": [
                "enum": ["postgres", "sqlite", "memory"],
                "description": "Who has answered: the database, or this hub's own store.",
            ],
            "notice": [
                "type": "string",
                "description": "Why the database has not answered though there is one, and since when there are rows.",
            ],
        ],
        optional: ["notice"]
    )

    private static let row = object([
        "metric_id": runtimeID, "runtime_id": runtimeID, "component_name": name, "component_type": name,
        "instance": nameOrNone, "metric_name": name, "metric_type": schema("Kind"),
        "metric_value": ["anyOf": [["type": "number"], ["enum": ["NaN", "+Inf", "-Inf"]]]],
        "labels": ["type": "object", "additionalProperties": ["type": "string"]], "help_text": nameOrNone,
        "unit": nameOrNone, "timestamp": moment, "created_at": moment,
    ])

    private static let components = object(["components": list(of: "Component"), "count": number])

    private static let component = object([
        "component_name": name, "component_type": name, "instance": nameOrNone, "runtime_id": runtimeID,
        "state": ["enum": .array(ComponentState.allCases.map { .string($0.rawValue) })],
        "registered": ["type": "boolean"],
        "last_report": ["type": ["string", "null"], "format": "date-time"],
        "age_seconds": ["type": ["number", "null"], "minimum": 0], "series": number, "reports": number,
        "rejected": ["type": "integer", "minimum": 0, "description": "Samples that were left out."],
    ])

    private static let health = object([
        "status": ["enum": ["ok", "draining", "stalled"]], "ready": ["type": "boolean"],
        "store": object(["kind": name, "full": ["type": "boolean"], "backlog": number]), "components": number,
    ])

    private static let status = object([
        "at": moment, "host": nameOrNone, "version": name, "uptime_seconds": ["type": "number", "minimum": 0],
        "condition": ["type": "string", "description": "How the hub is; `tone` says whether that is good."],
        "word": name, "tone": ["enum": ["none", "good", "warn", "bad"]], "sentence": name,
        "problems": [
            "type": "array", "items": object(["code": name, "sentence": name, "loss": ["type": "boolean"]]),
        ],
        "store": object([
            "kind": name, "place": name, "bytes": number, "limit_bytes": ["type": ["integer", "null"], "minimum": 0],
            "full": ["type": "boolean"], "backlog": number, "followers": ["type": "array"],
        ]),
        "reports_lately": [
            "type": "object", "description": "How many came in the last `seconds`, by what became of them.",
            "additionalProperties": ["type": "number", "minimum": 0],
        ],
        "series": number, "series_limit": number, "components_total": number, "components_reporting": number,
        "components_silent": number, "components_limit": number,
        "components": [
            "type": "array", "items": schema("Component"),
            "description": "Some of them, the silent ones first; `/api/metrics/components` has all.",
        ],
    ])
}
