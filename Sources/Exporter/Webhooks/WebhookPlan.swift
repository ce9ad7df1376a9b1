import AsyncHTTP
import Webhooks

/// Which webhooks are sent, and when: known before the first of them is.
final class WebhookPlan: Sendable {
    /// One of them, signed.
    struct Webhook: Sendable {
        let intent: WebhookIntent
        let body: [UInt8]
        /// What stands in its `Petzi-Signature`.
        let signature: String
    }

    let simulation: WebhookSimulation
    let seed: UInt64
    private let secret: WebhookSecret
    private let wrongSecret: WebhookSecret

    /// - Parameters:
    ///   - secret: as the receiver has it.
    ///   - seed: where the simulation has none.
    /// - Returns: nil for a secret that is empty.
    init?(_ simulation: WebhookSimulation, secret: String, seed: UInt64) {
        guard let right = WebhookSecret(secret), let wrong = WebhookSecret("not " + secret) else { return nil }
        self.simulation = simulation
        self.seed = simulation.seed ?? seed
        (self.secret, wrongSecret) = (right, wrong)
    }

    /// - Parameters:
    ///   - number: from 0.
    ///   - time: the wall clock, since 1970.
    func webhook(_ number: Int, at time: Duration) -> Webhook {
        let intent = intent(ofNumber: number)
        let event = TicketEvent(number: number, seed: seed, fails: intent == .failing)
        let body = event.body(atLeast: simulation.payload.bytes)
        let signature = WebhookSignature(
            signing: body,
            at: time.components.seconds,
            with: intent == .refused ? wrongSecret : secret
        )
        return Webhook(intent: intent, body: body, signature: signature.fieldValue)
    }

    func intent(ofNumber number: Int) -> WebhookIntent {
        WebhookIntent(
            ofNumber: number,
            refused: simulation.badSignatures,
            failing: simulation.failures,
            seed: seed
        )
    }

    /// How long after the start it is sent at the earliest.
    func due(ofNumber number: Int) -> Duration {
        guard let rate = simulation.rate else { return .zero }
        let (seconds, rest) = number.quotientAndRemainder(dividingBy: rate)
        return .seconds(seconds) + .nanoseconds(rest * 1_000_000_000 / rate)
    }
}
