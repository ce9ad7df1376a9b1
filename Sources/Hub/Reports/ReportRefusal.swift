/// Why nothing of a report was taken.
package enum ReportRefusal: Error, Sendable, CustomStringConvertible {
    /// It is no report: 400.
    case malformed(String)
    /// 413, with the limit that was met.
    case tooLarge(ReportCap)
    /// It is a report without one good sample: 422.
    case allRejected(Component, [Rejection])
    /// It has no samples, as a sign of life has none, and there is no place for its component: 422.
    case noPlace(Component, HoldingCap)

    package var description: String {
        switch self {
        case .malformed(let reason): reason
        case .tooLarge(let cap): cap.description
        case .allRejected(_, let rejections): "all \(rejections.count) metrics were rejected"
        case .noPlace(_, let cap): cap.description
        }
    }
}
