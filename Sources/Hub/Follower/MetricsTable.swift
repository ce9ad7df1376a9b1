import Postgres

/// The table that samples are rows of, and which of their columns it has.
package struct MetricsTable: Sendable, Hashable {
    /// A column that some tables do not have.
    struct Column: Sendable, Hashable {
        let type: String
        /// What stands for nothing where it must not be null.
        let empty: String?
    }

    /// With the schema before it.
    package let name: String
    /// Whether it was made here. What others have made is not altered, and only rows of hubs are deleted from it.
    package let isOurs: Bool
    let labels: Column?
    let help: Column?
    let unit: Column?
    /// When a sample was taken.
    let timestamp: Column?
    /// When it arrived; where there is no `timestamp`, when it was taken, as the predecessor has it.
    let createdAt: Column?
    /// By whose ranges another program has partitioned it.
    let rangeColumn: String?
    private let valueType: String

    static let ours = MetricsTable(
        name: "noetl.metrics",
        isOurs: true,
        labels: Column(type: "jsonb", empty: nil),
        help: Column(type: "text", empty: nil),
        unit: Column(type: "text", empty: nil),
        timestamp: Column(type: "timestamp with time zone", empty: nil),
        createdAt: Column(type: "timestamp with time zone", empty: nil),
        rangeColumn: "created_at",
        valueType: "double precision"
    )

    private init(
        name: String,
        isOurs: Bool,
        labels: Column?,
        help: Column?,
        unit: Column?,
        timestamp: Column?,
        createdAt: Column?,
        rangeColumn: String?,
        valueType: String
    ) {
        (self.name, self.isOurs, self.rangeColumn, self.valueType) = (name, isOurs, rangeColumn, valueType)
        (self.labels, self.help, self.unit) = (labels, help, unit)
        (self.timestamp, self.createdAt) = (timestamp, createdAt)
    }

    /// Another program's, if it has what is needed and asks for nothing else.
    init(_ table: FoundTable, _ connection: PostgresConnection) throws(PostgresError) {
        try table.required("metric_id", ["bigint"])
        try table.required("runtime_id", ["bigint"])
        try table.required("metric_name", FoundTable.texts)
        try table.required("metric_type", FoundTable.texts)
        let value = try table.required("metric_value", ["double precision", "numeric"])
        let kinds = ReportedKind.allCases.map(\.name)
        let allowed = try table.allowed(kinds, in: "metric_type", connection)
        if let refused = kinds.first(where: { !allowed.contains($0) }) {
            throw table.unusable("metric_type cannot be \(refused)")
        }
        self.init(
            name: table.name,
            isOurs: false,
            labels: try Self.column(table, "labels", FoundTable.objects, empty: "{}"),
            help: try Self.column(table, "help_text", FoundTable.texts, empty: ""),
            unit: try Self.column(table, "unit", FoundTable.texts, empty: ""),
            timestamp: try Self.column(table, "timestamp", FoundTable.moments),
            createdAt: try Self.column(table, "created_at", FoundTable.moments),
            rangeColumn: table.rangeColumn,
            valueType: value.type
        )
        if timestamp == nil && createdAt == nil { throw table.unusable("it has no column timestamp or created_at") }
        try table.check(allBut: Set(columns))
    }

    private static func column(
        _ table: FoundTable,
        _ name: String,
        _ types: Set<String>,
        empty: String? = nil
    ) throws(PostgresError) -> Column? {
        guard let column = try table.column(name, types) else { return nil }
        return Column(type: column.type, empty: column.isNotNull ? empty : nil)
    }

    // MARK: Writing

    /// What rows bring, in this order.
    private var columns: [String] {
        ["metric_id", "runtime_id", "metric_name", "metric_type"] + (labels == nil ? [] : ["labels"])
            + (help == nil ? [] : ["help_text"]) + (unit == nil ? [] : ["unit"]) + ["metric_value"]
            + (timestamp == nil ? [] : ["timestamp"]) + (createdAt == nil ? [] : ["created_at"])
    }

    /// What COPY writes into.
    var target: String { "\(name) (\(columns.joined(separator: ", ")))" }

    /// The number before a log's first row. Logs are numbered in 15 bits, and their rows in 48.
    ///
    /// In another program's table it is below zero: whether that program counts from 1 or by the clock, it never gets there.
    func origin(ofLog number: Int64) -> Int64 { (isOurs ? 0 : .min) &+ number << 48 }

    /// By which rows grow old, and in which they are told apart by day.
    var age: (column: String, type: String) {
        if let createdAt { return ("created_at", createdAt.type) }
        return ("timestamp", timestamp?.type ?? "timestamp with time zone")
    }

    // MARK: Reading

    /// What to read from: it has all columns as `noetl.metrics` has them when it is made here, and null where there is none.
    ///
    /// A time without a zone is one of UTC. Where there is no `timestamp` it is `created_at`, and the other way round.
    package var source: String {
        if isOurs { return name }
        let (taken, arrived) = (moment("timestamp", timestamp), moment("created_at", createdAt))
        return """
            (SELECT metric_id, runtime_id, metric_name, metric_type, \(value),
            \(labels == nil ? "NULL::jsonb AS labels" : labels?.type == "json" ? "labels::jsonb" : "labels"),
            \(help == nil ? "NULL::text AS help_text" : "help_text"), \(unit == nil ? "NULL::text AS unit" : "unit"),
            \(taken ?? arrived ?? "NULL::timestamptz") AS timestamp, \(arrived ?? taken ?? "NULL::timestamptz") AS created_at
            FROM \(name))
            """
    }

    /// A number that no `double precision` can hold is none.
    private var value: String {
        guard valueType == "numeric" else { return "metric_value" }
        return "CASE WHEN abs(metric_value) < 1e308 THEN metric_value::double precision END AS metric_value"
    }

    private func moment(_ name: String, _ column: Column?) -> String? {
        column.map { $0.type == "timestamp with time zone" ? name : "(\(name) AT TIME ZONE 'UTC')" }
    }
}
