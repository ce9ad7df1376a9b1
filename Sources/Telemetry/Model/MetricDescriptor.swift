/// What a family counts: decides which samples it has and which type is announced.
public enum MetricKind: String, Sendable, Hashable {
    /// Only goes up, and starts from zero with the process.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts observations in buckets.
    case histogram
}

/// A family's name, type, help and unit, checked and encoded once for all formats.
public struct MetricDescriptor: Sendable, Hashable {
    private final class Headers: Sendable {
        let text: [UInt8]
        let openMetrics: [UInt8]
        init(text: [UInt8], openMetrics: [UInt8]) {
            self.text = text
            self.openMetrics = openMetrics
        }
    }

    /// The family's name. A counter's is without `_total`, which its samples have in every format.
    public let name: String
    public let kind: MetricKind
    public let help: String
    /// `seconds`, `bytes` …: announced in OpenMetrics.
    public let unit: String?

    private let headers: Headers

    /// - Parameters:
    ///   - name: a counter may be named with or without `_total`.
    ///   - unit: if given, the name must end in it (before `_total`).
    public init(_ name: String, kind: MetricKind, help: String, unit: String? = nil) throws(MetricsError) {
        let suffix = "_total"
        let base = kind == .counter && name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
        try NameRules.checkMetric(base)
        if let unit {
            try NameRules.checkMetric(unit)
            guard base.hasSuffix("_" + unit) else { throw .unitNotInName(name: base, unit: unit) }
        }
        self.name = base
        self.kind = kind
        self.help = help
        self.unit = unit
        headers = Headers(
            text: Self.header(
                name: kind == .counter ? base + suffix : base,
                kind: kind,
                help: help,
                unit: nil,
                quotes: false
            ),
            openMetrics: Self.header(name: base, kind: kind, help: help, unit: unit, quotes: true)
        )
    }

    /// `# HELP` escapes backslash and newline; OpenMetrics escapes the quote too.
    private static func header(name: String, kind: MetricKind, help: String, unit: String?, quotes: Bool) -> [UInt8] {
        var bytes = Array("# HELP \(name) ".utf8)
        bytes.append(escaping: help, quotes: quotes)
        bytes.append(contentsOf: "\n# TYPE \(name) \(kind.rawValue)\n".utf8)
        if let unit { bytes.append(contentsOf: "# UNIT \(name) \(unit)\n".utf8) }
        return bytes
    }

    /// Every name that this family's lines can have, in any format and in any reader's mind: no other family may use them.
    var reservedNames: [String] {
        switch kind {
        case .gauge: [name]
        case .counter: [name, name + "_total", name + "_created"]
        case .histogram: [name, name + "_bucket", name + "_sum", name + "_count", name + "_created"]
        }
    }

    func header(in dialect: Dialect) -> [UInt8] {
        switch dialect {
        case .text: headers.text
        case .openMetrics: headers.openMetrics
        }
    }

    public static func == (left: MetricDescriptor, right: MetricDescriptor) -> Bool {
        left.name == right.name && left.kind == right.kind && left.help == right.help && left.unit == right.unit
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(kind)
    }
}
