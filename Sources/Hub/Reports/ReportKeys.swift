import JSON

/// Finds which of a few known keys stands in a document, without a copy of it.
struct ReportKeys<Key: CaseIterable & RawRepresentable & Sendable>: Sendable where Key.RawValue == String {
    private let known: [(bytes: [UInt8], key: Key)] = Key.allCases.map { (Array($0.rawValue.utf8), $0) }

    func key(at place: JSONPlace, in body: [UInt8], of scanner: JSONScanner) -> Key? {
        guard !place.hasEscapes else { return scanner.decoded(at: place).flatMap { key($0, $0.indices) } }
        return key(body, place.range)
    }

    private func key(_ text: [UInt8], _ range: Range<Int>) -> Key? {
        for (bytes, key) in known where bytes.count == range.count {
            var offset = 0
            while offset < bytes.count, bytes[offset] == text[range.lowerBound &+ offset] { offset &+= 1 }
            if offset == bytes.count { return key }
        }
        return nil
    }
}

enum ReportKey: String, CaseIterable {
    case name = "component_name"
    case type = "component_type"
    case instance
    case reportID = "report_id"
    case ttl = "ttl_seconds"
    case metrics
}

enum SampleKey: String, CaseIterable {
    case name = "metric_name"
    case kind = "metric_type"
    case value = "metric_value"
    case time = "timestamp"
    case labels
    case help = "help_text"
    case unit
}
