/// A report as the log has it.
package struct LoggedReport: Sendable, Hashable {
    /// It grows by one from each report to the next.
    package let sequence: Int64
    package let component: Component
    /// As its sender has chosen it: the same report is known by it in another hub's log, too.
    package let reportID: String?
    /// Milliseconds since 1970; never less than that of the report before it on the same day.
    package let arrived: Int64
    package let ttl: Duration?
    package let metrics: [ReportedMetric]
}
