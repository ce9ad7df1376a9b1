import Telemetry

/// What a series is called in the export: the beginning of its line, up to its value. Two samples are of one series if these bytes
/// are the same.
struct SeriesKey: Hashable, Sendable {
    let line: [UInt8]

    init(line: [UInt8]) {
        self.line = line
    }

    /// The labels that say who reports are set here. A label of the sample with such a name is left out if it says the same, and
    /// gets `exported_` before its name if it does not. An empty label is none, as Prometheus has it.
    ///
    /// - Parameters:
    ///   - own: those of the component.
    ///   - scratch: where the line is put together; what is in it does not matter.
    init(_ metric: ReportedMetric, beside own: [ReportedLabel], _ scratch: inout [UInt8]) {
        var labels = metric.labels
        if labels.contains(where: { label in own.contains { $0.name == label.name } }) {
            labels = Self.withoutClashes(labels, own)
        }
        self.init(metric.name, own, labels, &scratch)
    }

    /// A series that the hub says of a component.
    init(_ name: String, of component: Component) {
        var scratch: [UInt8] = []
        self.init(name, component.exportedLabels, [], &scratch)
    }

    /// Both lists are in the order of their names, and so is what is written.
    private init(_ name: String, _ own: [ReportedLabel], _ others: [ReportedLabel], _ scratch: inout [UInt8]) {
        scratch.removeAll(keepingCapacity: true)
        scratch += name.utf8
        scratch.append(UInt8(ascii: "{"))
        var (next, other) = (0, 0)
        while next < own.count || other < others.count {
            let isOwn = other == others.count || (next < own.count && own[next].name < others[other].name)
            let label = isOwn ? own[next] : others[other]
            if isOwn { next += 1 } else { other += 1 }
            if label.value.isEmpty { continue }
            if scratch.last != UInt8(ascii: "{") { scratch.append(UInt8(ascii: ",")) }
            scratch += label.name.utf8
            scratch.append(UInt8(ascii: "="))
            scratch.append(UInt8(ascii: "\""))
            scratch.append(escaping: label.value, quotes: true)
            scratch.append(UInt8(ascii: "\""))
        }
        scratch.append(UInt8(ascii: "}"))
        scratch.append(UInt8(ascii: " "))
        // A copy that is as long as it must be: there may be a hundred thousand of them.
        line = scratch.exactCopy()
    }

    private static func withoutClashes(_ labels: [ReportedLabel], _ own: [ReportedLabel]) -> [ReportedLabel] {
        var taken = Set(labels.map(\.name)).union(own.map(\.name))
        var kept: [ReportedLabel] = []
        for label in labels {
            guard let clash = own.first(where: { $0.name == label.name }) else {
                kept.append(label)
                continue
            }
            if clash.value.utf8.elementsEqual(label.value.utf8) { continue }
            var name = label.name
            repeat { name = "exported_" + name } while taken.contains(name)
            taken.insert(name)
            kept.append(ReportedLabel(name: name, value: label.value))
        }
        return kept.sorted { $0.name < $1.name }
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
