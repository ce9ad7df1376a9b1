package import AsyncHTTP
import Synchronization

/// Logs errors that may come with every request: the first, each that differs from the one before, and one line a minute of
/// those that go on.
package final class FailureLog: Sendable {
    private let logger: Logger
    private let message: String
    private let failures = Mutex(RepeatedFailure())

    package init(_ message: String, _ logger: Logger) {
        self.message = message
        self.logger = logger
    }

    package func failed(_ error: any Error, at now: MonotonicInstant = .now) {
        let text = "\(error)"
        guard let report = failures.withLock({ $0.failed(text, at: now) }) else { return }
        var fields: [LogLine.Field] = [("error", LogValue(text))]
        if case .repeated(let count) = report { fields.append(("repeated", LogValue(count))) }
        logger.log(.error, message, fields)
    }
}
