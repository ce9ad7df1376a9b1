/// What a family counts: decides which series it has, and which type each format announces.
public enum MetricKind: String, Sendable, Hashable, CaseIterable {
    /// Only goes up, and starts from zero with the process.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts observations in buckets.
    case histogram
    /// Says how large observations are at certain quantiles.
    case summary
    /// States facts in its labels; its value is 1.
    case info
    /// Says of each of several states whether it is on.
    case stateset
    /// Nothing is known but the number.
    case unknown
    /// Counts in buckets what is there now, so its buckets go down, too.
    case gaugehistogram
}

extension MetricKind {
    /// What follows the family's name in the names of its series. They are the same in every format.
    var suffixes: [String] {
        switch self {
        case .gauge, .stateset, .unknown: [""]
        case .counter: ["_total"]
        case .info: ["_info"]
        case .histogram: ["_bucket", "_sum", "_count"]
        case .gaugehistogram: ["_bucket", "_gsum", "_gcount"]
        case .summary: ["", "_sum", "_count"]
        }
    }

    /// The suffix with which a family may be declared, though it is no part of the family's name.
    var ownSuffix: String? {
        switch self {
        case .counter, .info: suffixes[0]
        default: nil
        }
    }

    /// OpenMetrics readers take `_created` for a part of these families.
    var canSayWhenItWasCreated: Bool {
        switch self {
        case .counter, .histogram, .summary: true
        case .gauge, .info, .stateset, .unknown, .gaugehistogram: false
        }
    }

    /// OpenMetrics has no units for what is no quantity.
    var canHaveUnit: Bool { self != .info && self != .stateset }

    /// The nearest type that Prometheus's text has.
    var textType: String {
        switch self {
        case .counter, .gauge, .histogram, .summary: rawValue
        case .info, .stateset: MetricKind.gauge.rawValue
        case .unknown, .gaugehistogram: "untyped"
        }
    }
}
