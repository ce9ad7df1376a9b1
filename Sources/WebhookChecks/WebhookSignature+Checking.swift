import Digests
import Webhooks

extension WebhookSignature {
    /// Whether any of the signatures is that of a text. It takes as long whichever of them is, and wherever they differ.
    func fits(_ text: [UInt8], _ secret: WebhookSecret) -> Bool {
        let expected = Digest.authenticating(text, with: secret.bytes)
        var fits = false
        for digest in digests where digest == expected { fits = true }
        return fits
    }

    /// Whether it was signed within a number of seconds before or behind ours.
    func isWithin(_ window: Duration, of now: Duration) -> Bool {
        let (distance, overflow) = now.components.seconds.subtractingReportingOverflow(time)
        return !overflow && distance.magnitude <= UInt64(max(0, window.components.seconds))
    }
}
