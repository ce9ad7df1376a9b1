/// What a component said at one moment, after validation.
package struct Report: Sendable {
    package let component: Component
    /// By which a report that is sent again is recognised.
    package let reportID: String?
    /// How long it stands; nil for the hub's default.
    package let ttl: Duration?
    /// Those that were accepted.
    package let metrics: [ReportedMetric]
    /// Milliseconds since 1970.
    package let arrived: Int64

    package init(
        component: Component,
        reportID: String? = nil,
        ttl: Duration? = nil,
        metrics: [ReportedMetric],
        arrived: Int64
    ) {
        self.component = component
        self.reportID = reportID
        self.ttl = ttl
        self.metrics = metrics
        self.arrived = arrived
    }
}
