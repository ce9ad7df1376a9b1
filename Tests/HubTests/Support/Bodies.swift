import Hub

/// When every report of these tests arrives: 2027-01-15T08:00:00Z.
let arrival: Int64 = 1_800_000_000_000

/// One sample of a body; what stands for its fields is JSON.
func metric(
    name: String = #""a""#,
    kind: String = #""gauge""#,
    value: String = "1",
    time: String = "null",
    labels: String = "null",
    help: String = "null",
    unit: String = "null"
) -> String {
    """
    {"metric_name":\(name),"metric_type":\(kind),"metric_value":\(value),"timestamp":\(time),"labels":\(labels),\
    "help_text":\(help),"unit":\(unit)}
    """
}

func report(_ metrics: String, _ fields: String = #""component_name":"w","component_type":"t""#) -> String {
    "{\(fields),\"metrics\":[\(metrics)]}"
}

func decoded(_ metrics: String...) throws -> DecodedReport {
    try ReportDecoder().decode(Array(report(metrics.joined(separator: ",")).utf8), arrived: arrival)
}
