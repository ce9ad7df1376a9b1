/// What became of a report.
package enum ReportResult: String, Sendable, Hashable, CaseIterable {
    /// At least one sample was kept, or it had none: a sign of life.
    case accepted
    case duplicate
    /// None of its samples could be kept.
    case rejected
    case malformed
    case tooLarge = "too_large"
    case tooFast = "too_fast"
    case unregistered
    /// The caller may not speak of that component.
    case forbidden
    /// The store does not take it.
    case unavailable
}
