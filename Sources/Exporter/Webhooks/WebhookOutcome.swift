/// What came of one webhook. The first three add up to what a receiver has counted, unless one of the others broke behind it.
enum WebhookOutcome: Sendable {
    case answered(status: Int)
    /// It was sent, and nobody knows what came of it.
    case unanswered
    /// Nobody was there to send it to.
    case unsent

    /// What an answer says: nil where there is none.
    var verdict: WebhookVerdict? {
        guard case .answered(let status) = self else { return nil }
        return switch status {
        case 200..<300: .accepted
        case 401, 403: .refused
        default: .failed
        }
    }
}

/// What the receiver says of a webhook.
enum WebhookVerdict: Sendable, Hashable {
    case accepted
    /// Because of its signature.
    case refused
    /// For another reason.
    case failed
}

/// Why a webhook has not come out as it was meant.
enum WebhookSurprise: Int, Sendable, Hashable, CaseIterable {
    case refused
    case notRefused
    case failed
    case unanswered
    case unsent

    /// Nil when it came out as it was meant.
    init?(_ outcome: WebhookOutcome, of intent: WebhookIntent) {
        switch outcome {
        case .unsent: self = .unsent
        case .unanswered: self = .unanswered
        case .answered(let status):
            switch (intent, outcome.verdict) {
            case (.refused, .refused), (.taken, .accepted), (.failing, .accepted): return nil
            case (.refused, _): self = .notRefused
            case (_, .refused): self = .refused
            // A failure that was asked for is the receiver's own.
            case (.failing, _) where status >= 500: return nil
            default: self = .failed
            }
        }
    }

    /// In JSON.
    var name: String {
        switch self {
        case .refused: "well_signed_refused"
        case .notRefused: "badly_signed_not_refused"
        case .failed: "failed"
        case .unanswered: "unanswered"
        case .unsent: "unsent"
        }
    }

    /// In the summary, behind their number.
    var text: String {
        switch self {
        case .refused: "with a good signature refused: does the receiver have this secret, and is its clock right?"
        case .notRefused: "with a bad signature not refused with 401 or 403"
        case .failed: "failed"
        case .unanswered: "unanswered"
        case .unsent: "not sent, because there was no connection"
        }
    }
}
