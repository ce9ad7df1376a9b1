import JSON

/// Finds which of a few known keys stands in a document, without a copy of it.
struct ReportKeys<Key: CaseIterable & RawRepresentable & Sendable>: Sendable where Key.RawValue == String {
    /// All keys, one after the other: where none is a reference, none is counted.
    private let text: [UInt8]
    private let known: [(start: Int, length: Int, key: Key)]

    init() {
        var (text, known): ([UInt8], [(Int, Int, Key)]) = ([], [])
        for key in Key.allCases {
            known.append((text.count, key.rawValue.utf8.count, key))
            text += key.rawValue.utf8
        }
        (self.text, self.known) = (text, known)
    }

    func key(at place: JSONPlace, in body: [UInt8], of scanner: JSONScanner) -> Key? {
        guard !place.hasEscapes else { return scanner.decoded(at: place).flatMap { key($0, $0.indices) } }
        return key(body, place.range)
    }

    private func key(_ sent: [UInt8], _ range: Range<Int>) -> Key? {
        for (start, length, key) in known where length == range.count {
            var offset = 0
            while offset < length, text[start &+ offset] == sent[range.lowerBound &+ offset] { offset &+= 1 }
            if offset == length { return key }
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
