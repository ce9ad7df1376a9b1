/// The query of a target as names and values, decoded: `?a=1&b=two+words`. In the order in which they stand.
public struct QueryParameters: Sendable, Hashable {
    /// A name and its value; empty where there is no equals sign.
    public struct Item: Sendable, Hashable {
        /// Decoded, with U+FFFD for what is not UTF-8.
        public let name: String
        /// Decoded in the same way.
        public let value: String
    }

    /// All of them, repetitions included.
    public let items: [Item]

    package init(_ target: RequestTarget) {
        items = (target.queryBytes ?? []).split(separator: UInt8(ascii: "&")).map { pair in
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Item(name: Self.text(halves[0]), value: halves.count > 1 ? Self.text(halves[1]) : "")
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.append(decoding: bytes, plus: true)
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The value of the first of that name; nil if there is none.
    public subscript(name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    /// The values of all of that name.
    public func all(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }
}
