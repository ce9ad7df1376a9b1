/// What became of a report, for whoever sent it.
package enum ReportOutcome: Sendable {
    case kept(Kept)
    case refused(Refused)

    package struct Kept: Sendable {
        package let component: Component
        package let runtimeID: Int64
        /// Of this report; none when it was kept before.
        package let samples: Int
        package let isDuplicate: Bool
        package let rejections: [Rejection]
    }

    package struct Refused: Sendable {
        package let result: ReportResult
        package let message: String
        package var component: Component?
        package var rejections: [Rejection] = []
        /// When it may be sent again; nil where that would change nothing.
        package var retryAfter: Duration?
    }
}
