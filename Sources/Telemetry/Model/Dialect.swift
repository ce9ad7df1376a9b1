/// The two ways in which bodies differ: in their first lines, their numbers, and what may be said at all.
package enum Dialect: Sendable, Hashable, CaseIterable {
    /// Prometheus's text, 0.0.4 and 1.0.0.
    case text
    /// OpenMetrics, 0.0.1 and 1.0.0.
    case openMetrics
}
