/// A report as it is sent: written once, so that each attempt sends the same.
struct ReportBody: Sendable, Hashable {
    let identifier: String
    let bytes: [UInt8]
    let samples: Int
}
