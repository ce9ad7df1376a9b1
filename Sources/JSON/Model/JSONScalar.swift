/// What one wanted place of a JSON document holds.
package enum JSONScalar: Sendable, Hashable {
    /// There is no such key.
    case absent
    case null
    case boolean(Bool)
    case number(JSONNumber)
    case string(String)
    /// An object or an array, where a single value was wanted.
    case container
}

/// A number as it was written, and what it amounts to.
package struct JSONNumber: Sendable, Hashable {
    package let text: String
    /// Not finite when the document's number is beyond what a `Double` holds.
    package let value: Double
}
