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

        /// Nil for a segment with braces that do not make a name.
        init?(_ segment: Substring) {
            let braces: Set<Character> = ["{", "}"]
            guard segment.contains(where: braces.contains) else {
                self = .literal(Array(segment.utf8))
                return
            }
            guard segment.hasPrefix("{"), segment.hasSuffix("}"), segment.count > 2 else { return nil }
            let inside = segment.dropFirst().dropLast()
            let name = inside.hasSuffix("...") ? inside.dropLast(3) : inside
            guard !name.isEmpty, !name.contains(where: braces.contains) else { return nil }
            self = name.endIndex == inside.endIndex ? .name(String(name)) : .rest(String(name))
        }

        var name: String? {
            switch self {
            case .literal: nil
            case .name(let name), .rest(let name): name
            }
        }
    }

    private let parts: [Part]

    /// Nil when there are no braces in it, or braces that make no sense: see `problem`.
    init?(_ path: String) {
        guard path.utf8.contains(UInt8(ascii: "{")), Self.problem(of: path) == nil else { return nil }
        parts = Self.segments(of: path).compactMap { Part($0) }
    }

    /// Why a path cannot be a route's; nil if it can.
    static func problem(of path: String) -> String? {
        guard path.hasPrefix("/") else { return "a path begins with a slash" }
        var names: Set<String> = []
        let segments = segments(of: path)
        for (index, segment) in segments.enumerated() {
            guard let part = Part(segment) else { return "\(segment) has braces and is not {name} or {name...}" }
            if case .rest = part, index < segments.count - 1 { return "\(segment) takes all that follows" }
            if let name = part.name, !names.insert(name).inserted { return "there are two names \(name)" }
        }
        return nil
    }

    private static func segments(of path: String) -> [Substring] {
        Array(path.split(separator: "/", omittingEmptySubsequences: false).dropFirst())
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
