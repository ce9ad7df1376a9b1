package import AsyncHTTP

/// How much one report may say: what is beyond is not looked at.
package enum ReportCap: Sendable, Hashable, CustomStringConvertible {
    case body(ByteCount)
    case metrics(Int)

    package var description: String {
        switch self {
        case .body(let limit): "a report has at most \(limit.bytes) bytes: send it in parts"
        case .metrics(let limit): "a report has at most \(limit) metrics: send it in parts"
        }
    }
}
