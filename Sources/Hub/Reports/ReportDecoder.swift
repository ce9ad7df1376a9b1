import AsyncHTTP

/// Reads the body of a report: strict about JSON, tolerant about what is in it, and one bad sample costs only itself.
package struct ReportDecoder: Sendable {
    private let limits: ReportLimits

    package init(limits: ReportLimits = ReportLimits()) {
        self.limits = limits
    }

    /// - Parameter arrived: milliseconds since 1970.
    package func decode(_ body: [UInt8], arrived: Int64) throws(ReportRefusal) -> DecodedReport {
        guard body.count <= limits.body.bytes else { throw .tooLarge(.body(limits.body)) }
        var reader = ReportReader(body, limits, arrived: arrived)
        return try reader.report()
    }
}
