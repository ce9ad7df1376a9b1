/// A family's name, type, help and unit, checked and encoded once for all formats.
public struct MetricDescriptor: Sendable, Hashable {
    /// What is the same for each render.
    private final class Encoded: Sendable {
        let text: [UInt8]
        let openMetrics: [UInt8]
        let seriesNames: [SeriesName]
        init(text: [UInt8], openMetrics: [UInt8], seriesNames: [SeriesName]) {
            self.text = text
            self.openMetrics = openMetrics
            self.seriesNames = seriesNames
        }
    }

    /// The family's name. A counter's is without `_total` and an info's without `_info`, which their samples have in every
    /// format.
    public let name: String
    /// What the family counts.
    public let kind: MetricKind
    /// What a reader is told about it, in one sentence.
    public let help: String
    /// `seconds`, `bytes` …: announced in OpenMetrics.
    public let unit: String?
    /// Whether the samples lack the suffix that their kind asks for (`_total`, `_info`). OpenMetrics then calls it `unknown`.
    public let lacksSuffix: Bool

    private let encoded: Encoded

    /// Describes a family by its name.
    ///
    /// - Parameters:
    ///   - name: a counter may be named with or without `_total`, an info with or without `_info`.
    ///   - unit: if given, the name must end in it (before `_total`). Infos and state sets have none.
    public init(_ name: String, kind: MetricKind, help: String, unit: String? = nil) throws(MetricsError) {
        try self.init(family: Self.base(of: name, kind: kind) ?? name, lacksSuffix: false, kind, help, unit)
    }

    /// Describes a family of somebody else by the name of its samples, which stays as it is in every format.
    ///
    /// It matters to counters and infos only, whose samples may lack the suffix: a counter whose samples are called `foo` is a
    /// counter in text, and `unknown` in OpenMetrics, which has no such counters.
    public init(verbatim name: String, kind: MetricKind, help: String, unit: String? = nil) throws(MetricsError) {
        let base = Self.base(of: name, kind: kind)
        try self.init(family: base ?? name, lacksSuffix: kind.ownSuffix != nil && base == nil, kind, help, unit)
    }

    private init(
        family name: String,
        lacksSuffix: Bool,
        _ kind: MetricKind,
        _ help: String,
        _ unit: String?
    ) throws(MetricsError) {
        try NameRules.checkMetric(name)
        // Its name is a label's name, too.
        if kind == .stateset { try NameRules.checkLabel(name) }
        if let unit {
            guard kind.canHaveUnit else { throw .unitNotAllowed(name: name, kind: kind) }
            try NameRules.checkMetric(unit)
            guard name.hasSuffix("_" + unit) else { throw .unitNotInName(name: name, unit: unit) }
        }
        self.name = name
        self.kind = kind
        self.help = help
        self.unit = unit
        self.lacksSuffix = lacksSuffix
        let seriesNames = (lacksSuffix ? [""] : kind.suffixes).map { SeriesName(name + $0) }
        encoded = Encoded(
            text: Self.header(
                name: kind.ownSuffix == nil ? name : seriesNames[0].text,
                type: kind.textType,
                help: help,
                unit: nil,
                quotes: false
            ),
            openMetrics: Self.header(
                name: name,
                type: lacksSuffix ? MetricKind.unknown.rawValue : kind.rawValue,
                help: help,
                unit: unit,
                quotes: true
            ),
            seriesNames: seriesNames
        )
    }

    /// The family's name if this name has the suffix of its kind.
    private static func base(of name: String, kind: MetricKind) -> String? {
        guard let suffix = kind.ownSuffix, name.hasSuffix(suffix) else { return nil }
        return String(name.dropLast(suffix.count))
    }

    /// `# HELP` escapes backslash and newline; OpenMetrics escapes the quote too.
    private static func header(name: String, type: String, help: String, unit: String?, quotes: Bool) -> [UInt8] {
        var bytes = Array("# HELP \(name) ".utf8)
        bytes.append(escaping: help, quotes: quotes)
        bytes.append(contentsOf: "\n# TYPE \(name) \(type)\n".utf8)
        if let unit { bytes.append(contentsOf: "# UNIT \(name) \(unit)\n".utf8) }
        return bytes
    }

    /// Every name that this family's lines can have, in any format and in any reader's mind: no other family may use them.
    var reservedNames: [String] {
        let others = seriesNames.map(\.text).filter { $0 != name }
        return [name] + others + (kind.canSayWhenItWasCreated && !lacksSuffix ? [name + "_created"] : [])
    }

    /// The names of the series, in the order of the kind's suffixes.
    var seriesNames: [SeriesName] { encoded.seriesNames }

    /// The lines that come before the series.
    package func header(in dialect: Dialect) -> [UInt8] {
        switch dialect {
        case .text: encoded.text
        case .openMetrics: encoded.openMetrics
        }
    }

    /// Two descriptors are equal if they say the same.
    public static func == (left: MetricDescriptor, right: MetricDescriptor) -> Bool {
        left.encoded === right.encoded
            || (left.name == right.name && left.kind == right.kind && left.help == right.help && left.unit == right.unit
                && left.lacksSuffix == right.lacksSuffix)
    }

    /// Hashes what tells most descriptors apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(kind)
    }
}
