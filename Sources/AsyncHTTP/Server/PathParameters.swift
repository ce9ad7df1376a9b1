/// What stands in a path where its route has names in braces: `/job/{name}` takes `/job/nightly`.
public struct PathParameters: Sendable, Hashable {
    private var values: [(name: String, values: [String])] = []

    init() {}

    init(_ values: [(name: String, values: [String])]) {
        self.values = values
    }

    /// The text at that place, decoded; nil if the route has no such name.
    public subscript(name: String) -> String? {
        values.first { $0.name == name }?.values.first
    }

    /// The segments that a name with dots (`{rest...}`) has taken, decoded; of another name the one.
    public func all(_ name: String) -> [String] {
        values.first { $0.name == name }?.values ?? []
    }

    /// The same names with the same texts.
    public static func == (left: PathParameters, right: PathParameters) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }

    /// As `==` compares.
    public func hash(into hasher: inout Hasher) {
        for (name, values) in values {
            hasher.combine(name)
            hasher.combine(values)
        }
    }
}

/// A path with names in braces, each for one segment; the last may end in dots and take all that follow, one at least.
struct PathPattern: Sendable {
    private enum Part: Sendable, Hashable {
        case literal([UInt8])
        case name(String)
        case rest(String)
    }

    private let parts: [Part]

    /// Nil when there are no braces in it.
    init?(_ path: String) {
        guard path.utf8.contains(UInt8(ascii: "{")) else { return nil }
        parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(Array(segment.utf8)) }
            let name = segment.dropFirst().dropLast()
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .name(String(name))
        }
    }

    /// What a path has for the names; nil when it is another path. Segments are told apart before they are decoded, so that a
    /// slash may be in one, escaped. An empty one has no name.
    func match(_ path: [UInt8]) -> PathParameters? {
        var segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        var found: [(name: String, values: [String])] = []
        for part in parts {
            guard let segment = segments.popFirst() else { return nil }
            switch part {
            case .literal(let text):
                guard Self.decoded(segment) == text else { return nil }
            case .name(let name):
                guard !segment.isEmpty else { return nil }
                found.append((name, [Self.text(segment)]))
            case .rest(let name):
                guard !segment.isEmpty || !segments.isEmpty else { return nil }
                found.append((name, ([segment] + segments).map(Self.text)))
                segments = []
            }
        }
        return segments.isEmpty ? PathParameters(found) : nil
    }

    private static func decoded(_ segment: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.append(decoding: segment)
        return decoded
    }

    private static func text(_ segment: ArraySlice<UInt8>) -> String {
        String(decoding: decoded(segment), as: UTF8.self)
    }
}
