import Telemetry

/// One family as it was rendered last.
struct RenderedFamily: Sendable {
    let name: String
    private let kind: ReportedKind
    private var described: FamilyHeader
    /// OpenMetrics has no counters but those whose name ends so, and whose other names nobody else has.
    private(set) var isUnknownInOpenMetrics: Bool
    private(set) var header: RenderedPart
    private(set) var pages: [RenderedPart] = []
    private var lines: [[SeriesLine]] = []

    init(_ name: String, _ kind: ReportedKind) {
        self.name = name
        self.kind = kind
        described = FamilyHeader(help: nil, unit: nil)
        isUnknownInOpenMetrics = false
        header = Self.header(name, kind, described, isUnknownInOpenMetrics: false)
    }

    /// What it is called in OpenMetrics, if it is a counter there.
    var counterBase: Substring? {
        guard kind == .counter, name.hasSuffix("_total"), name != "_total" else { return nil }
        return name.dropLast("_total".count)
    }

    private var rule: RenderedPart.Rule { counterBase != nil && !isUnknownInOpenMetrics ? .counters : .any }

    mutating func update(_ change: FamilyChange) {
        if let header = change.header {
            described = header
            self.header = Self.header(name, kind, described, isUnknownInOpenMetrics: isUnknownInOpenMetrics)
        }
        pages.removeLast(max(0, pages.count - change.pageCount))
        lines.removeLast(max(0, lines.count - change.pageCount))
        for (number, lines) in change.pages {
            let page = RenderedPart(lines, rule)
            if number < pages.count {
                pages[number] = page
                self.lines[number] = lines
            } else {
                pages.append(page)
                self.lines.append(lines)
            }
        }
    }

    /// Another family has come or gone that has one of its names.
    mutating func setUnknownInOpenMetrics(_ isUnknown: Bool) {
        guard isUnknown != isUnknownInOpenMetrics else { return }
        isUnknownInOpenMetrics = isUnknown
        header = Self.header(name, kind, described, isUnknownInOpenMetrics: isUnknown)
        pages = lines.map { RenderedPart($0, rule) }
    }

    private static func header(
        _ name: String,
        _ kind: ReportedKind,
        _ described: FamilyHeader,
        isUnknownInOpenMetrics: Bool
    ) -> RenderedPart {
        let text = descriptor(name, kind.exported, described)
        let openMetrics = isUnknownInOpenMetrics ? descriptor(name, .unknown, described) : text
        return RenderedPart(
            text: text?.header(in: .text) ?? [],
            openMetrics: openMetrics?.header(in: .openMetrics) ?? []
        )
    }

    /// A unit that the name does not end in is not said: OpenMetrics forbids it. Names have been checked.
    private static func descriptor(_ name: String, _ kind: MetricKind, _ described: FamilyHeader) -> MetricDescriptor? {
        let help = described.help ?? ""
        if let unit = described.unit,
            let descriptor = try? MetricDescriptor(verbatim: name, kind: kind, help: help, unit: unit)
        {
            return descriptor
        }
        return (try? MetricDescriptor(verbatim: name, kind: kind, help: help))
            ?? (try? MetricDescriptor(verbatim: name, kind: .unknown, help: help))
    }
}

extension ReportedKind {
    /// One number is no histogram and no summary.
    fileprivate var exported: MetricKind {
        switch self {
        case .gauge: .gauge
        case .counter: .counter
        case .histogram, .summary: .unknown
        }
    }
}
