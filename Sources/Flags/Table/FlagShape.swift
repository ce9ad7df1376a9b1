/// How a flag is written, and how many values it takes.
package enum FlagShape: Sendable, Hashable {
    /// One value; of several the last counts.
    case value(placeholder: String)
    /// Any number of values. Its variable holds them all, with these between them.
    case list(placeholder: String, separators: String)
    /// `--name`, `--no-name`.
    case toggle
}

/// A variable that others use for something similar: `PORT` for an address.
package struct AlternativeVariable: Sendable {
    package let name: String
    /// Makes of its value what the flag would take.
    package let read: @Sendable (String) throws(ValueProblem) -> String
}
