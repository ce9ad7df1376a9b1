/// Makes a tree of a parser's events, within limits: an alias costs as much as what it stands for, so a short text cannot become
/// a large tree.
struct YAMLComposer: ~Copyable {
    private struct Anchored {
        let node: YAMLNode
        let weight: Int
    }

    private var parser: YAMLParser
    private let limits: YAMLLimits
    private var anchors: [String: Anchored] = [:]
    /// Nodes so far.
    private var weight = 0
    private var depth = 0

    init(_ bytes: [UInt8], limits: YAMLLimits) throws(YAMLError) {
        parser = try YAMLParser(bytes)
        self.limits = limits
    }

    mutating func document() throws(YAMLError) -> YAMLDocument {
        _ = try parser.next()
        guard case .documentStart = try parser.next().kind else { return YAMLDocument(root: nil, rest: nil) }
        let root = try node(try parser.next())
        _ = try parser.next()
        return YAMLDocument(root: root, rest: rest())
    }

    /// Where more than one document begins. What it is plays no part.
    private mutating func rest() -> YAMLPlace? {
        do throws(YAMLError) {
            let event = try parser.next()
            if case .streamEnd = event.kind { return nil }
            return event.place
        } catch {
            return error.place
        }
    }

    private mutating func node(_ event: YAMLEvent) throws(YAMLError) -> YAMLNode {
        let before = weight
        try add(1, at: event.place)
        let content: YAMLNode.Content
        switch event.kind {
        case .alias(let name): return try node(called: name, at: event.place)
        case .scalar(let scalar, let tag): content = .scalar(try scalar.tagged(tag, at: event.place))
        case .sequenceStart: content = .sequence(try sequence(at: event.place))
        case .mappingStart: content = .mapping(try mapping(at: event.place))
        default: throw YAMLError("a value is missing", at: event.place)
        }
        let node = YAMLNode(content: content, place: event.place)
        if let anchor = event.anchor { anchors[anchor] = Anchored(node: node, weight: weight - before) }
        return node
    }

    private mutating func node(called name: String, at place: YAMLPlace) throws(YAMLError) -> YAMLNode {
        guard let anchored = anchors[name] else {
            throw YAMLError("an alias of nothing that stands complete before it", at: place)
        }
        try add(anchored.weight, at: place)
        return YAMLNode(content: anchored.node.content, place: place)
    }

    private mutating func add(_ count: Int, at place: YAMLPlace) throws(YAMLError) {
        weight += count
        guard weight <= limits.nodes else { throw YAMLError("there are more than \(limits.nodes) values", at: place) }
    }

    private mutating func descend(at place: YAMLPlace) throws(YAMLError) {
        depth += 1
        guard depth <= limits.depth else { throw YAMLError("it is nested deeper than \(limits.depth)", at: place) }
    }

    private mutating func sequence(at place: YAMLPlace) throws(YAMLError) -> [YAMLNode] {
        try descend(at: place)
        var nodes: [YAMLNode] = []
        while true {
            let event = try parser.next()
            if case .sequenceEnd = event.kind { break }
            nodes.append(try node(event))
        }
        depth -= 1
        return nodes
    }

    private mutating func mapping(at place: YAMLPlace) throws(YAMLError) -> YAMLMapping {
        try descend(at: place)
        var builder = YAMLMappingBuilder()
        while true {
            let event = try parser.next()
            if case .mappingEnd = event.kind { break }
            let key = try node(event)
            try builder.add(key, try node(try parser.next()))
        }
        depth -= 1
        return builder.mapping
    }
}

extension YAMLScalar {
    private static let prefix = "tag:yaml.org,2002:"

    /// What a tag makes of it: with one that is not YAML's own it is a text.
    fileprivate func tagged(_ tag: String?, at place: YAMLPlace) throws(YAMLError) -> YAMLScalar {
        guard let tag, tag != "!" else { return tag == nil ? self : YAMLScalar(text, isPlain: false) }
        if tag == Self.prefix + "binary" { throw YAMLError("!!binary is not taken", at: place) }
        let isPlain = tag != Self.prefix + "str" && tag.hasPrefix(Self.prefix)
        return YAMLScalar(text, isPlain: isPlain)
    }
}
