/// A report as it was read: what can be taken, and what cannot.
package struct DecodedReport: Sendable {
    package let report: Report
    /// Nil if nothing was left out.
    private let places: [Int]?
    package let rejections: [Rejection]

    /// - Parameter indices: nil if nothing was left out.
    package init(_ report: Report, indices: [Int]? = nil, rejections: [Rejection] = []) {
        self.report = report
        places = indices
        self.rejections = rejections
    }

    /// Where each accepted sample stood in what was sent.
    package var indices: [Int] { places ?? Array(report.metrics.indices) }
}
