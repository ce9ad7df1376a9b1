import Synchronization
package import Webhooks

/// Lets in the webhooks that somebody who has a secret has signed a moment ago. Any thread may ask.
package final class WebhookGate: Sendable {
    private let limits: WebhookLimits
    private let refusesReplays: Bool
    private let secrets: Mutex<[WebhookSecret]>
    private let memory: Mutex<ReplayMemory>

    /// - Parameters:
    ///   - secrets: any of them will do; without one nothing is let in.
    ///   - refusesReplays: whether the same body, signed in the same second, is let in once only. Two that are meant are then
    ///     refused, too, if nothing in them differs.
    package init(
        trusting secrets: [WebhookSecret],
        refusesReplays: Bool = false,
        limits: WebhookLimits = WebhookLimits()
    ) {
        self.limits = limits
        self.refusesReplays = refusesReplays
        self.secrets = Mutex(secrets)
        memory = Mutex(ReplayMemory(capacity: limits.remembered))
    }

    /// From now on these secrets are good, and no others. What was let in stays remembered.
    package func trust(_ secrets: [WebhookSecret]) {
        self.secrets.withLock { $0 = secrets }
    }

    /// Lets one in, or says why not.
    ///
    /// - Parameters:
    ///   - header: the value of `Petzi-Signature`; nil where there is none.
    ///   - now: the wall clock, since 1970.
    package func admit(
        _ body: [UInt8],
        _ header: String?,
        at now: Duration
    ) throws(WebhookRefusal) -> WebhookAdmission {
        guard let header else { throw .missing }
        let signature = try WebhookSignature(parsing: header, within: limits)
        guard signature.isWithin(limits.window, of: now) else { throw .outsideWindow }
        let text = WebhookSignature.signedText(body, at: signature.time)
        let secrets = secrets.withLock { $0 }
        guard secrets.contains(where: { signature.fits(text, $0) }) else { throw .wrong }
        guard refusesReplays else { return WebhookAdmission(time: signature.time, fingerprint: nil) }
        // Of what is signed, not of the signature: that differs with the secret.
        let fingerprint = ReplayMemory.Fingerprint(text)
        let (earliest, overflow) = now.components.seconds.subtractingReportingOverflow(limits.window.components.seconds)
        let finding = memory.withLock {
            $0.remember(fingerprint, signedAt: signature.time, earliest: overflow ? .min : earliest)
        }
        switch finding {
        case .new: return WebhookAdmission(time: signature.time, fingerprint: fingerprint)
        case .known: throw .replayed
        case .full: throw .memoryFull
        }
    }

    /// Forgets one that was let in and then not kept, so that it may be sent again as it is.
    package func takeBack(_ admission: WebhookAdmission) {
        guard let fingerprint = admission.fingerprint else { return }
        memory.withLock { $0.forget(fingerprint, signedAt: admission.time) }
    }
}

/// That a webhook was let in.
package struct WebhookAdmission: Sendable {
    /// When it was signed, in seconds since 1970.
    package let time: Int64
    let fingerprint: ReplayMemory.Fingerprint?
}
