import AsyncHTTP
import Flags
import Service
import Webhooks

/// How webhooks are received.
struct WebhookConfiguration: Sendable, Hashable {
    static let path = "/webhook"

    /// What they are signed with; there has to be one.
    var secret: SecretSource?
    /// How far the time in a signature may be from now, either way.
    var window = Duration.seconds(30)
    /// Whether the same signature is refused the second time.
    var refusesReplays = false
    /// The longest body.
    var body = ByteCount.mebibytes(1)

    /// The longest file with a secret.
    private static let longestFile = ByteCount.kibibytes(16)

    /// Lets in what is signed with the secret. Blocks while a file is read.
    func gate() throws -> WebhookGate {
        var limits = WebhookLimits()
        limits.window = window
        return WebhookGate(trusting: [try found()], refusesReplays: refusesReplays, limits: limits)
    }

    private func found() throws -> WebhookSecret {
        switch secret {
        case .value(let secret):
            if let secret = secret.reveal({ WebhookSecret($0) }) { return secret }
        case .file(let path):
            var bytes = try FileContents.read(path, limit: Self.longestFile)[...]
            // Editors and `echo` end a file with one.
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            if let secret = String(validating: bytes, as: UTF8.self).flatMap({ WebhookSecret($0) }) { return secret }
            throw UsageError("what \(path) holds is no secret: it is empty, or no text in UTF-8")
        case nil: break
        }
        throw UsageError("there is no secret to check webhooks with")
    }
}
