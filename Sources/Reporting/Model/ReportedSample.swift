public import Telemetry

/// One number that a program tells a hub.
public struct ReportedSample: Sendable, Hashable {
    /// How its numbers follow each other.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Goes up and down.
        case gauge
        /// Only goes up, and begins at zero with the program.
        case counter
    }

    /// As it will be exported: a counter's usually ends in `_total`.
    public let name: String
    /// How its numbers follow each other.
    public let kind: Kind
    /// Any number; also none, or an infinite one.
    public let value: Double
    /// What tells it from others of its name.
    public let labels: Labels
    /// The label that its kind adds to those of its family's sample: `le`, `quantile`, the name of a state set.
    var extra: Labels.Label?
    /// When that was, since 1970; nil is when it is reported.
    public internal(set) var time: Duration?
    /// What a reader is told about it.
    public let help: String?
    /// `seconds`, `bytes` …
    public let unit: String?

    /// A sample; what the hub does not take it says when it is reported.
    public init(
        _ name: String,
        _ kind: Kind,
        _ value: Double,
        labels: Labels = .none,
        time: Duration? = nil,
        help: String? = nil,
        unit: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.value = value
        self.labels = labels
        self.time = time
        self.help = help
        self.unit = unit
    }
}

extension ReportedSample {
    /// Keys, quotes, number and time of a sample on the wire.
    private static let frame = 128
    /// Quotes, colon and comma of a label.
    private static let labelFrame = 6

    /// All labels, the one that its kind adds at the end.
    var allLabels: [Labels.Label] { extra.map { labels.pairs + [$0] } ?? labels.pairs }

    /// About as many bytes as it takes to keep it, and to send it.
    var size: Int {
        var size = Self.frame + name.utf8.count + (help?.utf8.count ?? 0) + (unit?.utf8.count ?? 0)
        for label in allLabels { size += label.name.utf8.count + label.value.utf8.count + Self.labelFrame }
        return size
    }
}
