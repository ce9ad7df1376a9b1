/// What a component said at one time: the samples that were accepted, and nothing else of what it sent.
package struct Report: Sendable {
    package let component: Component
    /// Chosen by the sender: the same one again is the same report again.
    package let reportID: String?
    /// How long its samples are exported, unless newer ones come; nil leaves it to the hub.
    package let ttl: Duration?
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
