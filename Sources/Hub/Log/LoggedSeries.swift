/// A series that the log holds samples of.
package struct LoggedSeries: Sendable, Hashable {
    /// By which the next ones are asked for.
    package let number: Int64
    package let component: Component
    /// Everything but a value and a time.
    package let metric: ReportedMetric
}
