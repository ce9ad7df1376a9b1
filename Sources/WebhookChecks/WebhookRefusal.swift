import Webhooks

/// Why a webhook is not believed. The raw value is for counting; the description says what to do next, and holds nothing of a secret.
package enum WebhookRefusal: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// There is no signature.
    case missing
    /// The header is no signature.
    case malformed
    /// It was signed too long ago, or too far ahead.
    case outsideWindow = "outside_window"
    /// No secret of ours makes any of its signatures.
    case wrong
    /// The same was let in before.
    case replayed
    /// So much is remembered that one more could not be told from a replay: try again later.
    case memoryFull = "memory_full"

    package var description: String {
        switch self {
        case .missing: "there is no \(WebhookSignature.fieldName)"
        case .malformed: "\(WebhookSignature.fieldName) is not t=SECONDS,v1=HEX"
        case .outsideWindow: "it was signed too long ago or too far ahead: look at both clocks"
        case .wrong: "the signature is not that of t.body with our secret"
        case .replayed: "the same webhook was taken before"
        case .memoryFull: "too many webhooks have come lately to tell whether this one is new: send it again later"
        }
    }
}
