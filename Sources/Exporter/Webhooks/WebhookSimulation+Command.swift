import AsyncHTTP
import Flags
import Hosting
import Service

extension WebhookSimulation {
    /// `simulate-webhook URL [SECRET]`: prints a summary.
    ///
    /// - Parameters:
    ///   - source: where a flag was given; nil when it was not.
    ///   - seed: where none was given.
    /// - Returns: the exit status: 0 if every webhook came out as it was meant, 1 otherwise.
    func run(
        _ operands: [String],
        _ access: ClientAccess,
        _ logger: Logger,
        seed: UInt64 = .random(in: 0...9_999_999),
        write: @escaping @Sendable (String) -> Bool = { StandardOutput.write($0) },
        source: (String) -> String?
    ) throws -> Int32 {
        let (url, plan) = try plan(operands, seed: seed, source: source)
        let summary = try withEventLoops(signals: [.interrupt, .terminate]) { group in
            let failures = FailureLog("a webhook had no answer", logger)
            let sender = WebhookSender(
                plan,
                to: url,
                on: group.first,
                security: Self.accessFlags.security(access, to: url.endpoint, isSecure: url.isSecure),
                fields: Self.accessFlags.fields(access),
                failed: { failures.failed($0) }
            )
            let start = MonotonicInstant.now
            try await withThrowingDiscardingTaskGroup { tasks in
                tasks.addTask { try await Self.obeySignals(sender, logger, on: group.first) }
                tasks.addTask { await sender.tell(logger) }
                await sender.run()
                tasks.cancelAll()
            }
            return WebhookSummary(tally: sender.tally, elapsed: start.duration(to: .now), seed: plan.seed)
        }
        return write(isJSON ? summary.json : summary.text) ? summary.exitStatus : 1
    }

    /// The first ends the sending, the next one the waiting for answers.
    private static func obeySignals(_ sender: WebhookSender, _ logger: Logger, on loop: EventLoop) async throws {
        let signals = SignalSource([.interrupt, .terminate], on: loop)
        if try await signals.next() != nil {
            sender.stop()
            logger.info("stopping: another signal does not wait for the answers that are missing")
            if try await signals.next() != nil { await sender.abort() }
        }
        await signals.close()
    }

    /// What is to be sent where, from what the command line says.
    func plan(
        _ operands: [String],
        seed: UInt64,
        source: (String) -> String?
    ) throws(UsageError) -> (ClientURL, WebhookPlan) {
        guard (1...2).contains(operands.count) else {
            throw UsageError(
                "simulate-webhook needs the URL of a receiver and a secret, as in:"
                    + " agent-exporter simulate-webhook http://localhost:5000/webhook mysecretkey --count 5"
            )
        }
        guard badSignatures + failures <= 100 else {
            throw UsageError("--bad-signatures and --failures are more than all webhooks: together at most 100")
        }
        let secret = try secret(operands.dropFirst().first.map(Secret.init), source)
        let url: ClientURL
        do {
            url = try ClientURL(operands[0])
        } catch {
            throw UsageError("simulate-webhook", operands[0], ValueProblem("\(error)"))
        }
        guard let plan = secret.reveal({ WebhookPlan(self, secret: $0, seed: seed) }) else {
            throw UsageError("the secret is empty")
        }
        return (url, plan)
    }

    /// The secret, from the one place where it was given.
    private func secret(_ operand: Secret?, _ source: (String) -> String?) throws(UsageError) -> Secret {
        let given = ["secret", "secret-file"].compactMap(source)
        if given.count > 1 {
            throw UsageError("\(given[0]) and \(given[1]) exclude each other: one secret, from one place")
        }
        if let operand {
            if let flag = given.first, flag.hasPrefix("--") {
                throw UsageError("SECRET and \(flag) exclude each other: one secret, from one place")
            }
            operand.hideFromOthers()
            let problem = operand.reveal { SecretRule.password.problem(of: $0) }
            if let problem { throw UsageError("SECRET: \(problem)") }
            return operand
        }
        guard let secret = self.secret else {
            throw UsageError("simulate-webhook needs a secret: behind the URL, by --secret-file or in WEBHOOK_SECRET")
        }
        do throws(CredentialProblem) {
            return try secret.secret(given.first ?? "--secret-file", .password)
        } catch {
            throw UsageError("\(error)")
        }
    }
}

extension Secret {
    /// Takes the words that are the secret away from whoever lists processes, as those behind secret flags are.
    fileprivate func hideFromOthers() {
        let words = Environment.arguments
        let places = reveal { secret in words.indices.filter { words[$0] == secret } }
        Environment.hide(places.map { SecretWord(index: $0, shown: 0) })
    }
}
