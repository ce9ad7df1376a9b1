import AsyncHTTP
import Flags
import Service
import WebhookChecks
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
    /// What is kept of bodies on their way, at least: who sends them is known when they are there.
    var leastBodies = ByteCount.mebibytes(32)
    /// The same, so that two of the longest fit at once.
    var bodies: ByteCount { max(leastBodies, .bytes(body.bytes > .max / 4 ? .max : 4 * body.bytes)) }

    /// Lets in what is signed with the secret. Blocks while a file is read.
    func gate() throws(UsageError) -> WebhookGate {
        var limits = WebhookLimits()
        limits.window = window
        return WebhookGate(trusting: [try found()], refusesReplays: refusesReplays, limits: limits)
    }

    /// Reads the file again, for one gate; nil when there is none.
    func renewal(of gate: WebhookGate) -> (@Sendable () throws -> @Sendable () -> Void)? {
        guard case .file = secret else { return nil }
        return { [self] in
            let secret = try found()
            return { gate.trust([secret]) }
        }
    }

    private func found() throws(UsageError) -> WebhookSecret {
        let secret: Secret?
        do throws(CredentialProblem) {
            secret = try self.secret?.secret("--\(Self.fileFlag)", .password)
        } catch {
            throw UsageError("\(error)")
        }
        if let found = secret?.reveal({ WebhookSecret($0) }) { return found }
        throw UsageError("the secret that webhooks are checked with is empty")
    }
}
