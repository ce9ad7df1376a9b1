import Telemetry

/// What a series is called in the export: the beginning of its line, up to its value. Two samples are of one series if these bytes
/// are the same.
struct SeriesKey: Hashable, Sendable {
    let line: [UInt8]
    /// A label that is kept and not exported: each of its values would be a series that has one sample.
    private static let unexported = "trace_id"

    init(line: [UInt8]) {
        self.line = line
    }

    /// The labels that say who reports are set here. A label of the sample with such a name is left out if it says the same, and
    /// gets `exported_` before its name if it does not. An empty label is none, as Prometheus has it.
    ///
    /// - Parameter own: those of the component. Both lists are in the order of their names, and so is what is written.
    init(_ name: String, _ labels: [ReportedLabel] = [], beside own: [ReportedLabel]) {
        let others = Self.withoutClashes(labels, own)
        var line: [UInt8] = []
        line += name.utf8
        line.append(UInt8(ascii: "{"))
        var (next, other) = (0, 0)
        while next < own.count || other < others.count {
            let isOwn = other == others.count || (next < own.count && own[next].name < others[other].name)
            let label = isOwn ? own[next] : others[other]
            if isOwn { next += 1 } else { other += 1 }
            if label.value.isEmpty { continue }
            if line.last != UInt8(ascii: "{") { line.append(UInt8(ascii: ",")) }
            line += label.name.utf8
            line.append(UInt8(ascii: "="))
            line.append(UInt8(ascii: "\""))
            line.append(escaping: label.value, quotes: true)
            line.append(UInt8(ascii: "\""))
        }
        line.append(UInt8(ascii: "}"))
        line.append(UInt8(ascii: " "))
        // A copy that is as long as it must be: there may be a hundred thousand of them.
        self.line = line.exactCopy()
    }

    private static func withoutClashes(_ sent: [ReportedLabel], _ own: [ReportedLabel]) -> [ReportedLabel] {
        let isTraced = sent.contains { $0.name.isSameText(as: unexported) }
        let labels = isTraced ? sent.filter { !$0.name.isSameText(as: unexported) } : sent
        func clash(of label: ReportedLabel) -> ReportedLabel? { own.first { $0.name == label.name } }
        guard labels.contains(where: { clash(of: $0) != nil }) else { return labels }
        let others = labels.filter { label in !(clash(of: label)?.value.isSameText(as: label.value) ?? false) }
        var taken = Set(labels.map(\.name)).union(own.map(\.name))
        let renamed = others.map { label in
            guard clash(of: label) != nil else { return label }
            var name = label.name
            repeat { name = "exported_" + name } while taken.contains(name)
            taken.insert(name)
            return ReportedLabel(name: name, value: label.value)
        }
        return renamed.sorted { $0.name < $1.name }
    }

    static func == (left: SeriesKey, right: SeriesKey) -> Bool { left.line == right.line }

    /// The bytes at once, which is ten times as fast as one after the other.
    func hash(into hasher: inout Hasher) {
        unsafe line.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

extension Component {
    /// What the hub says of each of its series, in the order of their names.
    var exportedLabels: [ReportedLabel] {
        var labels = [
            ReportedLabel(name: "component", value: name), ReportedLabel(name: "component_type", value: type),
        ]
        if let instance { labels.append(ReportedLabel(name: "instance", value: instance)) }
        return labels
    }
}

extension [UInt8] {
    fileprivate func exactCopy() -> [UInt8] { unsafe withUnsafeBufferPointer { unsafe [UInt8]($0) } }
}
