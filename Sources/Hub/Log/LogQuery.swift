/// What is asked of the log: samples, the newest first. What is nil is not asked for.
package struct LogQuery: Sendable {
    package var componentName: String?
    package var componentType: String?
    package var runtimeID: Int64?
    /// A metric of that name if there is one, else all of whose name it is a part.
    package var name: String?
    /// Any of these names, exactly.
    package var names: Set<String>?
    package var kind: ReportedKind?
    /// All of them, with these values.
    package var labels: [ReportedLabel] = []
    /// Milliseconds since 1970, both included: when a sample was taken.
    package var start: Int64?
    package var end: Int64?
    package var limit = 1000
    /// Where the answer before this one has ended.
    package var cursor: LogCursor?
    /// Of reports that came later than this one alone: those that are not elsewhere, too.
    var after: Int64 = 0

    package init() {}

    /// Asks for no other names than these.
    mutating func limit(to found: Set<String>) {
        names = names?.intersection(found) ?? found
    }

    func wants(_ component: Component) -> Bool {
        (componentName.map { $0.utf8.elementsEqual(component.name.utf8) } ?? true)
            && (componentType.map { $0.utf8.elementsEqual(component.type.utf8) } ?? true)
            && (runtimeID.map { $0 == component.runtimeID } ?? true)
    }

    /// Whether a series is asked for, whoever's it is. Texts are their bytes.
    func wants(_ metric: ReportedMetric) -> Bool {
        if let names, !names.contains(metric.name) { return false }
        if let kind, metric.kind != kind { return false }
        return labels.allSatisfy { wanted in
            metric.labels.contains {
                $0.name.utf8.elementsEqual(wanted.name.utf8) && $0.value.utf8.elementsEqual(wanted.value.utf8)
            }
        }
    }

    func wants(time: Int64) -> Bool {
        time >= start ?? .min && time <= end ?? .max
    }
}
