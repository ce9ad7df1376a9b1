/// Every bound of what is believed of a webhook.
package struct WebhookLimits: Sendable {
    /// How far the time of a signature may lie from ours, before it and behind it. Both are whole seconds, and the bound belongs to it.
    package var window = Duration.seconds(30)
    /// The longest header that is read, in bytes.
    package var headerBytes = 1024
    /// How many signatures a header may have: while a secret is changed, senders sign with the old one and the new one.
    package var signatures = 8
    /// How many webhooks are remembered where replays are refused: 8,000 a second for 30 s, in some 10 MB.
    package var remembered = 250_000

    package init() {}
}
