import AsyncHTTP
import WebhookChecks

/// Why a webhook is not taken.
enum WebhookProblem: Error, CustomStringConvertible {
    /// Its body has not come as it should.
    case body(any Error)
    case signature(WebhookRefusal)
    case queue(BatchQueue.Refusal)

    /// As it is counted.
    enum Reason: String, CaseIterable {
        case missing, malformed
        case outsideWindow = "outside_window"
        case wrong, replayed
        case memoryFull = "memory_full"
        case tooLong = "too_long"
        case tooMuchPending = "too_much_pending"
        /// Its sender has gone, or is too slow, or breaks a rule of HTTP.
        case incomplete
        case queueFull = "queue_full"
        case ending
    }

    var reason: Reason {
        switch self {
        case .body(ConnectionError.bodyTooLong): .tooLong
        case .body(ConnectionError.tooMuchPending): .tooMuchPending
        case .body: .incomplete
        case .signature(.missing): .missing
        case .signature(.malformed): .malformed
        case .signature(.outsideWindow): .outsideWindow
        case .signature(.wrong): .wrong
        case .signature(.replayed): .replayed
        case .signature(.memoryFull): .memoryFull
        case .queue(.full): .queueFull
        case .queue(.ending): .ending
        }
    }

    /// Nil where there is nobody to be told, or nothing that the server would not tell.
    var status: HTTPStatus? {
        switch reason {
        case .missing, .malformed, .outsideWindow, .wrong: .unauthorized
        case .replayed: .conflict
        case .memoryFull, .queueFull, .ending, .tooMuchPending: .serviceUnavailable
        case .tooLong: .contentTooLarge
        case .incomplete: nil
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
