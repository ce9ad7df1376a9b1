/// Collects names and values. What `<<` brings in counts where nothing is said of a name beside it.
struct YAMLMappingBuilder {
    private var entries: [YAMLMapping.Entry] = []
    private var merged: [YAMLMapping.Entry] = []
    private var names: Set<[UInt8]> = []

    /// - Throws: that the name is there already, or that it is none.
    mutating func add(_ key: YAMLNode, _ value: YAMLNode) throws(YAMLError) {
        guard case .scalar(let scalar) = key.content else { throw YAMLError("a name is a single value", at: key.place) }
        if scalar.isPlain, scalar.text == "<<" { return try merge(value) }
        let name = scalar.isNull ? "" : scalar.text
        guard names.insert(Array(name.utf8)).inserted else {
            throw YAMLError("the same name stands before it in this mapping", at: key.place)
        }
        entries.append(YAMLMapping.Entry(name: name, place: key.place, value: value))
    }

    private mutating func merge(_ value: YAMLNode) throws(YAMLError) {
        switch value.content {
        case .mapping(let mapping): merged += mapping.entries
        case .sequence(let nodes):
            for node in nodes {
                guard case .mapping(let mapping) = node.content else { throw Self.noMapping(value) }
                merged += mapping.entries
            }
        case .scalar: throw Self.noMapping(value)
        }
    }

    private static func noMapping(_ value: YAMLNode) -> YAMLError {
        YAMLError("<< takes a mapping, or several in a sequence", at: value.place)
    }

    /// Of several that are merged, the first that has a name counts.
    var mapping: YAMLMapping {
        var (all, names) = (entries, names)
        for entry in merged where names.insert(Array(entry.name.utf8)).inserted { all.append(entry) }
        return YAMLMapping(entries: all)
    }
}
