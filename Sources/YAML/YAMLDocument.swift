/// The first document of a text.
package struct YAMLDocument: Sendable {
    /// Nil when there is nothing but spaces and comments.
    package let root: YAMLNode?
    /// Where more begins, which is not read: a further document, or what is none.
    package let rest: YAMLPlace?

    package static func read(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLDocument {
        guard bytes.count <= limits.bytes else {
            throw YAMLError("it is longer than \(limits.bytes) bytes", at: YAMLPlace(line: 1, column: 1))
        }
        var composer = try YAMLComposer(bytes, limits: limits)
        return try composer.document()
    }

    init(root: YAMLNode?, rest: YAMLPlace?) {
        self.root = root
        self.rest = rest
    }
}
