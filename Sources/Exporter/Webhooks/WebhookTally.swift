import Service

/// What has come of all webhooks so far. Each is counted once.
struct WebhookTally: Sendable {
    private(set) var accepted = 0
    private(set) var refused = 0
    private(set) var failed = 0
    private(set) var unanswered = 0
    private(set) var unsent = 0
    /// By the status itself.
    private var answers = [Int](repeating: 0, count: 1000)
    private var surprises = [Int](repeating: 0, count: WebhookSurprise.allCases.count)
    /// Of the bodies of those that were sent.
    private(set) var bytes = 0
    /// Of those that were answered, from the request's first byte on.
    private(set) var latency = LatencyHistogram()

    /// Those that a receiver may have seen.
    var sent: Int { accepted + refused + failed + unanswered }

    var unexpected: Int { surprises.reduce(0, +) }

    /// Whether all came out as they were meant, and there were any.
    var isAsMeant: Bool { sent > 0 && unexpected == 0 }

    /// How often each status was the answer, of those that were.
    var statuses: [(status: Int, count: Int)] {
        answers.indices.filter { answers[$0] > 0 }.map { ($0, answers[$0]) }
    }

    subscript(surprise: WebhookSurprise) -> Int { surprises[surprise.rawValue] }

    mutating func record(_ outcome: WebhookOutcome, of intent: WebhookIntent, bytes: Int, nanoseconds: Int64) {
        if let surprise = WebhookSurprise(outcome, of: intent) { surprises[surprise.rawValue] += 1 }
        switch outcome {
        case .unsent:
            unsent += 1
            return
        case .unanswered: unanswered += 1
        case .answered(let status):
            answers[min(max(0, status), answers.count - 1)] += 1
            latency.record(nanoseconds)
            switch outcome.verdict {
            case .accepted: accepted += 1
            case .refused: refused += 1
            case .failed, nil: failed += 1
            }
        }
        self.bytes += bytes
    }
}
