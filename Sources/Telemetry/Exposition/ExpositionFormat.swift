/// The formats that a scraper can ask for.
public enum ExpositionFormat: Sendable, Hashable {
    /// What everything can read, and what is sent when nothing else was asked for.
    case text004
    /// The same text for Prometheus 3, which says how it would like unusual names. Ours are all usual.
    case text100(NameEscaping)
    /// OpenMetrics before it was a standard; the bytes are those of 1.0.0.
    case openMetrics001
    /// OpenMetrics 1.0.0, which Prometheus asks for first.
    case openMetrics100

    /// Every format, with every parameter.
    public static let all: [ExpositionFormat] =
        [.text004] + NameEscaping.allCases.map(Self.text100) + [.openMetrics001, .openMetrics100]

    /// The value of `Content-Type`.
    public var contentType: String {
        switch self {
        case .text004: "text/plain; version=0.0.4; charset=utf-8"
        case .text100(let escaping): "text/plain; version=1.0.0; charset=utf-8; escaping=\(escaping.rawValue)"
        case .openMetrics001: "application/openmetrics-text; version=0.0.1; charset=utf-8"
        case .openMetrics100: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// How the body is written: formats of one dialect have the same bytes.
    package var dialect: Dialect {
        switch self {
        case .text004, .text100: .text
        case .openMetrics001, .openMetrics100: .openMetrics
        }
    }
}

/// How names outside `[a-zA-Z0-9_:]` would be written. Such names are refused here, so all of these give the same bytes.
///
/// The fourth scheme, `dots`, would double every underscore of a usual name; who asks for it gets `underscores`.
public enum NameEscaping: String, Sendable, Hashable, CaseIterable {
    /// With underscores for what is unusual.
    case underscores
    /// As they are.
    case allowUTF8 = "allow-utf-8"
    /// With the codes of what is unusual.
    case values
}
