/// A sample that was left out of its report, and why.
package struct Rejection: Sendable, Hashable {
    /// Its place in the report, from 0.
    package let index: Int
    /// As it was sent, cut to the length of a name; nil if it has none.
    package let metricName: String?
    package let reason: RejectionReason

    package init(index: Int, metricName: String?, reason: RejectionReason) {
        self.index = index
        self.metricName = metricName
        self.reason = reason
    }
}
