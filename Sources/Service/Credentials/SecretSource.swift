package import Flags

/// Where a secret comes from: it was given as it is, or stands in a file that may be replaced at any time.
package enum SecretSource: Sendable, Hashable {
    case value(Secret)
    case file(String)
}
