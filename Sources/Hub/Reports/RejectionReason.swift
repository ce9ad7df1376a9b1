/// What is wrong with one sample. Fields are called as they are in the report.
///
/// Indirect, because it is asked for with each text of a report and hardly ever there: its place is that of a reference.
package indirect enum RejectionReason: Error, Sendable, Hashable, CustomStringConvertible {
    case notAnObject
    case missing(String)
    /// A field holds something else than it should.
    case shape(String, expected: String)
    /// Bytes that are not UTF-8, or half of a surrogate pair.
    case notText(String)
    case nul(String)
    case tooLong(String, limit: Int)
    case metricName
    /// `up`, `scrape_…` and `agent_hub_…` are said by Prometheus and by the hub.
    case reservedName
    case kind
    case value
    case time
    case labelName(String)
    case repeatedLabel(String)
    case tooManyLabels(limit: Int)
    /// The name is held by series of another type.
    case otherKind(held: ReportedKind)
    case cap(HoldingCap)

    package var description: String {
        switch self {
        case .notAnObject: "is not an object"
        case .missing(let field): "\(field) is missing"
        case .shape(let field, let expected): "\(field) is not \(expected)"
        case .notText(let field): "\(field) is not valid UTF-8"
        case .nul(let field): "\(field) contains U+0000"
        case .tooLong(let field, let limit): "\(field) is longer than \(limit) bytes"
        case .metricName: "metric_name is not of the form [a-zA-Z_:][a-zA-Z0-9_:]*"
        case .reservedName: "metric_name is reserved: up, scrape_* and agent_hub_* belong to Prometheus and to the hub"
        case .kind: "metric_type is none of gauge, counter, histogram, summary"
        case .value: "metric_value is beyond what a 64-bit floating point number holds"
        case .time: "timestamp is neither an RFC 3339 time nor Unix seconds"
        case .labelName(let name): "label name \(name) is not of the form [a-zA-Z_][a-zA-Z0-9_]*, or begins with __"
        case .repeatedLabel(let name): "label \(name) is there twice"
        case .tooManyLabels(let limit): "has more than \(limit) labels"
        case .otherKind(let held):
            "metric_name is held as a \(held.name): another type is taken when its last series has expired"
        case .cap(let cap): cap.description
        }
    }

    package var code: RejectionCode {
        switch self {
        case .notAnObject, .missing, .shape: .shape
        case .notText, .nul: .text
        case .tooLong, .tooManyLabels: .length
        case .metricName: .name
        case .reservedName: .reserved
        case .kind: .type
        case .value: .value
        case .time: .timestamp
        case .labelName, .repeatedLabel: .label
        case .otherKind: .typeConflict
        case .cap(let cap): cap.code
        }
    }
}
