import AsyncHTTP
import WebhookChecks

/// Why a webhook is not taken.
enum WebhookProblem: Error, CustomStringConvertible {
    /// Its body has not come as it should.
    case body(any Error)
    case signature(WebhookRefusal)
    case queue(BatchQueue.Refusal)

    /// One for each reason.
    static let all: [WebhookProblem] =
        WebhookRefusal.allCases.map { .signature($0) } + [
            .body(ConnectionError.bodyTooLong), .body(ConnectionError.tooMuchPending), .body(ConnectionError.closed),
            .queue(.full), .queue(.ending),
        ]

    /// As it is counted.
    var reason: String {
        switch self {
        case .body(ConnectionError.bodyTooLong): "too_long"
        case .body(ConnectionError.tooMuchPending): "too_much_pending"
        // Its sender has gone, or is too slow, or breaks a rule of HTTP.
        case .body: "incomplete"
        case .signature(let refusal): refusal.rawValue
        case .queue(.full): "queue_full"
        case .queue(.ending): "ending"
        }
    }

    /// Nil where there is nobody to be told, or nothing that the server would not tell.
    var status: HTTPStatus? {
        switch self {
        case .body(ConnectionError.bodyTooLong): .contentTooLarge
        case .body(ConnectionError.tooMuchPending): .serviceUnavailable
        case .body: nil
        case .signature(.replayed): .conflict
        case .signature(.memoryFull): .serviceUnavailable
        case .signature: .unauthorized
        case .queue: .serviceUnavailable
        }
    }

    /// What the server makes of it.
    var cause: any Error {
        switch self {
        case .body(let error): error
        case .signature(let refusal): refusal
        case .queue(let refusal): refusal
        }
    }

    /// What the sender is told.
    var description: String {
        switch self {
        case .body(ConnectionError.bodyTooLong): "the body is longer than the worker takes"
        case .body(ConnectionError.tooMuchPending): "more is on its way than is kept: send it again later"
        case .body(let error): "\(error)"
        case .signature(let refusal): refusal.description
        case .queue(.full): "as many batches wait as may"
        case .queue(.ending): "the worker ends"
        }
    }
}
