/// What a reported metric says of itself.
package enum ReportedKind: UInt8, Sendable, Hashable, CaseIterable {
    case gauge, counter, histogram, summary

    package var name: String {
        switch self {
        case .gauge: "gauge"
        case .counter: "counter"
        case .histogram: "histogram"
        case .summary: "summary"
        }
    }

    /// The kind of this name, written exactly so.
    package init?(name: some StringProtocol) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
