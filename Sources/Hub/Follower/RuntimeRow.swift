/// A component's row in another program's `noetl.runtime`, where two components have one row as little as elsewhere.
struct RuntimeRow {
    let kind: String
    let instance: String?
    /// Names to try, one after the other: the first that is nobody's.
    let names: [String]
    /// Whether a row of the first name is the component itself, whoever has made it.
    let isPlain: Bool
    /// What the row cannot say otherwise.
    let labels: [ReportedLabel]

    /// - Parameter kinds: those that the table takes.
    init(_ component: Component, in table: RuntimeTable, kinds: Set<String>) {
        let isKnown = kinds.contains(component.type)
        kind = isKnown ? component.type : table.otherKind
        let named = component.instance.flatMap { $0.isEmpty ? nil : $0 }
        instance = table.instance == nil ? nil : named
        var name = component.name
        if let named, table.instance == nil { name += "/\(named)" }
        if !isKnown { name += " (\(component.type))" }
        isPlain = isKnown && instance == named
        let mark = "~" + String(component.runtimeID, radix: 16)
        let beginning = name.unicodeScalars.prefix(table.nameLength - mark.unicodeScalars.count)
        let fitting = name.unicodeScalars.count <= table.nameLength ? [name] : []
        // Twice: a row that somebody else has just made is not found at the first attempt.
        names = fitting + (isPlain ? fitting : []) + [String(beginning) + mark]
        labels =
            isPlain
            ? []
            : [("component", component.name), ("component_type", component.type), ("instance", named)]
                .compactMap { name, value in value.map { ReportedLabel(name: name, value: $0) } }
    }
}
