/// A report as it was read: what can be taken, and what cannot.
package struct DecodedReport: Sendable {
    package let report: Report
    /// Where each accepted sample stood in what was sent.
    package let indices: [Int]
    package let rejections: [Rejection]

    /// - Parameter indices: nil if nothing was left out.
    package init(_ report: Report, indices: [Int]? = nil, rejections: [Rejection] = []) {
        self.report = report
        self.indices = indices ?? Array(report.metrics.indices)
        self.rejections = rejections
    }
}
