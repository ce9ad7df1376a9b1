/// By what a sample that was left out is counted: one of a few.
package enum RejectionCode: String, Sendable, Hashable, CaseIterable {
    case shape, text, length, name, reserved, type, value, timestamp, label
    case typeConflict = "type_conflict"
    case components, series, bytes
    case seriesOfComponent = "component_series"
    case bytesOfComponent = "component_bytes"
}
