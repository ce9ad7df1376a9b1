/// An answer to a query.
package struct LogPage: Sendable, Hashable {
    /// One sample, with everything that was said of it.
    package struct Row: Sendable, Hashable {
        /// It grows with time; no two samples of a log have the same.
        package let id: Int64
        package let component: Component
        package let metric: ReportedMetric
        /// Milliseconds since 1970.
        package let arrived: Int64
    }

    /// The newest first.
    package let rows: [Row]
    /// Nil at the end. Given, too, when the budget has ended, perhaps without a row.
    package let next: LogCursor?
}
