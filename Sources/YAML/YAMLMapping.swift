/// Names and values in the order in which they stand. No name is there twice.
package struct YAMLMapping: Sendable {
    package struct Entry: Sendable {
        /// A null key is the empty name.
        package let name: String
        /// Where the name stands.
        package let place: YAMLPlace
        package let value: YAMLNode
    }

    package let entries: [Entry]

    /// The value of a name, which is compared byte by byte.
    package subscript(name: String) -> YAMLNode? {
        entries.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}
