/// What a reported metric says it is.
package enum ReportedKind: UInt8, Sendable, Hashable, CaseIterable {
    case gauge, counter, histogram, summary

    /// As reports write it.
    package var name: String {
        switch self {
        case .gauge: "gauge"
        case .counter: "counter"
        case .histogram: "histogram"
        case .summary: "summary"
        }
    }

    package init?(name: some StringProtocol) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
