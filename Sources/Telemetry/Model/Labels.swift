/// The labels of one series: checked, in the order of their names, and encoded once.
///
/// Every format writes label values in the same way, so the bytes made here are copied into each render.
public struct Labels: Sendable, Hashable {
    private final class Storage: Sendable {
        let pairs: [Label]
        let encoded: [UInt8]
        init(pairs: [Label], encoded: [UInt8]) {
            self.pairs = pairs
            self.encoded = encoded
        }
    }

    /// One label.
    public struct Label: Sendable, Hashable {
        /// What it is called.
        public let name: String
        /// What it says: any text, not escaped.
        public let value: String
    }

    /// No labels at all.
    public static let none = Labels(checked: [])

    private let storage: Storage

    /// Checks the names. Values may be any text.
    public init(_ pairs: KeyValuePairs<String, String>) throws(MetricsError) {
        try self.init(pairs.map { Label(name: $0.key, value: $0.value) })
    }

    /// Checks the names. Values may be any text.
    public init(_ pairs: [(name: String, value: String)]) throws(MetricsError) {
        try self.init(pairs.map { Label(name: $0.name, value: $0.value) })
    }

    init(_ pairs: [Label]) throws(MetricsError) {
        for pair in pairs { try NameRules.checkLabel(pair.name) }
        try Self.checkUnique(pairs.map(\.name))
        self.init(checked: pairs)
    }

    init(checked pairs: [Label]) {
        let sorted = pairs.count < 2 ? pairs : pairs.sorted { $0.name < $1.name }
        var encoded: [UInt8] = []
        for pair in sorted {
            if !encoded.isEmpty { encoded.append(UInt8(ascii: ",")) }
            encoded.append(contentsOf: pair.name.utf8)
            encoded.append(contentsOf: "=\"".utf8)
            encoded.append(escaping: pair.value, quotes: true)
            encoded.append(UInt8(ascii: "\""))
        }
        storage = Storage(pairs: sorted, encoded: encoded)
    }

    /// One label, without a look at its name.
    init(checkedName name: String, value: String) {
        self.init(checked: [Label(name: name, value: value)])
    }

    /// The labels in the order of their names.
    public var pairs: [Label] { storage.pairs }

    /// `a="x",b="y"`, without braces.
    var encoded: [UInt8] { storage.encoded }

    /// Readers refuse a label name that is there twice.
    static func checkUnique(_ names: [String]) throws(MetricsError) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted { throw .duplicateLabelName(name) }
    }

    /// The encoding is unambiguous, so it stands for the labels.
    public static func == (left: Labels, right: Labels) -> Bool {
        left.storage === right.storage || left.encoded == right.encoded
    }

    /// Hashes the encoding, all of it at once: an array would hash each byte alone.
    public func hash(into hasher: inout Hasher) {
        unsafe encoded.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
