/// A metric that was declared wrongly: the programmer's mistake, found when the metric is made.
public enum MetricsError: Error, Sendable, Hashable {
    /// A metric's name is not `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    case invalidName(String)
    /// A label's name is not `[a-zA-Z_][a-zA-Z0-9_]*`, or begins with `__`, which is Prometheus's own.
    case invalidLabelName(String)
    /// `le` and `quantile` are written by histograms and summaries only.
    case reservedLabelName(String)
    /// One label name twice.
    case duplicateLabelName(String)
    /// As many values as there are label names are needed.
    case labelCount(metric: String, expected: Int, given: Int)
    /// The name must end in the unit: `x_seconds` for `seconds`.
    case unitNotInName(name: String, unit: String)
    /// Infos and state sets have no unit: they are no quantities.
    case unitNotAllowed(name: String, kind: MetricKind)
    /// The bounds of buckets must be finite, ascending, and at least one.
    case invalidBuckets([Double])
    /// A histogram has one count per bucket, the last for everything above the bounds.
    case bucketCount(expected: Int, given: Int)
    /// Quantiles must be from 0 to 1 and ascending.
    case invalidQuantiles([Double])
    /// A summary has one value per quantile.
    case quantileCount(expected: Int, given: Int)
    /// States must be at least one, and each of them once.
    case invalidStates([String])
    /// A state set says of each of its states whether it is on.
    case stateCount(expected: Int, given: Int)
    /// A state set writes its own name as a label; no other label may have it.
    case stateSetLabelName(String)
    /// Two metrics would print lines of the same name.
    case nameClash(new: String, newKind: MetricKind, existing: String, existingKind: MetricKind, name: String)
}

extension MetricsError: CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "'\(name)' is not a metric name: use letters, digits, '_' and ':', and do not begin with a digit"
        case .invalidLabelName(let name):
            "'\(name)' is not a label name: use letters, digits and '_', and begin neither with a digit nor with '__'"
        case .reservedLabelName(let name):
            "the label name '\(name)' is reserved: histograms and summaries write it themselves"
        case .duplicateLabelName(let name):
            "the label name '\(name)' is there twice"
        case .labelCount(let metric, let expected, let given):
            "'\(metric)' has \(expected) labels, but \(given) values were given"
        case .unitNotInName(let name, let unit):
            "the name '\(name)' must end in its unit: '\(name)_\(unit)'"
        case .invalidBuckets(let bounds):
            "\(bounds) are not bucket bounds: give at least one, finite and ascending"
        case .bucketCount(let expected, let given):
            "a histogram of these buckets has \(expected) counts, not \(given)"
        case .unitNotAllowed(let name, let kind):
            "'\(name)' cannot have a unit: a family of kind \(kind) is no quantity; leave the unit out"
        case .invalidQuantiles(let ranks):
            "\(ranks) are not quantiles: give numbers from 0 to 1, ascending"
        case .quantileCount(let expected, let given):
            "a summary of these quantiles has \(expected) values, not \(given)"
        case .invalidStates(let names):
            "\(names) are not states: give at least one, and each of them once"
        case .stateCount(let expected, let given):
            "a state set of these states has \(expected) answers, not \(given)"
        case .stateSetLabelName(let name):
            "the state set '\(name)' cannot have a label of its own name: it writes that one itself"
        case .nameClash(let new, let newKind, let existing, let existingKind, let name):
            "the \(newKind) '\(new)' clashes with the \(existingKind) '\(existing)': both would print '\(name)'"
        }
    }
}
