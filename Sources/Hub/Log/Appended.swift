/// What has become of a report.
package enum Appended: Sendable, Hashable {
    /// It is on the disk.
    case written(sequence: Int64)
    /// It was written when it came first.
    case duplicate
}
