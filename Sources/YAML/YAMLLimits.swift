/// How large a document may be.
package struct YAMLLimits: Sendable, Hashable {
    /// Of the text, in bytes.
    package var bytes = 1 << 20
    /// Scalars, sequences and mappings. An alias counts as much as what it stands for.
    package var nodes = 50_000
    /// Sequences and mappings in one another.
    package var depth = 32

    package init() {}
}
