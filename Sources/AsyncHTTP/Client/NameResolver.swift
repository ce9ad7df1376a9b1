/// Finds the addresses of one endpoint without ever blocking the loop: names are asked for on a thread of their own, which
/// ends with the answer.
///
/// One question is under way at a time, however long the name servers take and however often somebody asks meanwhile.
final class NameResolver {
    private let loop: EventLoop
    private let lifetime: Duration
    private var answer: (addresses: [SocketAddress], until: MonotonicInstant)?
    private var question: ThreadBound<Question>?

    /// What the thread leaves, and who waits for it. It belongs to the loop.
    private final class Question {
        var result: Result<[SocketAddress], NameResolution.Failure>?
        /// Until when somebody who has not waited for it may use the result. A failure is for those alone who have.
        var until = MonotonicInstant.distantFuture
        var waiters: [Waiter] = []
    }

    init(on loop: EventLoop, lifetime: Duration) {
        self.loop = loop
        self.lifetime = lifetime
    }

    func addresses(
        of endpoint: ClientEndpoint,
        for attempt: ClientAttempt
    ) async throws(ClientError) -> [SocketAddress] {
        switch endpoint {
        case .unix(let path):
            guard let address = SocketAddress(unixPath: path) else {
                throw ClientError(.connect, "the path is too long")
            }
            return [address]
        case .internet(let host, let port):
            if let literal = SocketAddress(literal: host, port: port) { return [literal] }
            // Always this machine, and nobody has to be asked (RFC 6761 section 6.3): an empty root has no hosts file.
            if host.lowercased() == "localhost" {
                return ["127.0.0.1", "::1"].compactMap { SocketAddress(literal: $0, port: port) }
            }
            if let answer, answer.until > loop.state.now { return answer.addresses }
            return try await ask(host, port, attempt)
        }
    }

    /// The addresses were of no use: ask again next time.
    func forget() {
        answer = nil
    }

    private func ask(
        _ host: String,
        _ port: UInt16,
        _ attempt: ClientAttempt
    ) async throws(ClientError) -> [SocketAddress] {
        let question: Question
        if let current = self.question?.value, loop.state.now < current.until {
            question = current
        } else {
            question = try begin(host, port)
        }
        let waiter = Waiter(on: loop)
        waiter.setDeadline(attempt.deadline)
        attempt.current = waiter
        question.waiters.append(waiter)
        defer {
            waiter.removeDeadline()
            attempt.current = nil
            question.waiters.removeAll { $0 === waiter }
        }
        while true {
            if let result = question.result { return try finish(question, result) }
            if attempt.isCancelled { throw ClientError(.cancelled, "while resolving \(host)") }
            if await waiter.suspend() == .deadline { throw ClientError(.resolve, "no answer for \(host) in time") }
        }
    }

    private func finish(
        _ question: Question,
        _ result: Result<[SocketAddress], NameResolution.Failure>
    ) throws(ClientError) -> [SocketAddress] {
        if self.question?.value === question { self.question = nil }
        switch result {
        case .success(let addresses) where !addresses.isEmpty:
            answer = (addresses, question.until)
            return addresses
        case .success: throw ClientError(.resolve, "the name has no address")
        case .failure(let failure):
            throw ClientError(failure.isExhaustion ? .exhausted : .resolve, "\(failure.name): \(failure.reason)")
        }
    }

    private func begin(_ host: String, _ port: UInt16) throws(ClientError) -> Question {
        let (loop, lifetime, question) = (loop, lifetime, loop.bind(Question()))
        do throws(SystemError) {
            try Thread.startDetached {
                let result = Result { () throws(NameResolution.Failure) in try NameResolution.resolve(host, port: port)
                }
                loop.execute {
                    question.value.result = result
                    question.value.until = loop.state.now
                    if case .success = result { question.value.until = loop.state.now.advanced(by: lifetime) }
                    for waiter in question.value.waiters { waiter.wake() }
                }
            }
        } catch {
            throw ClientError(.resolve, error)
        }
        self.question = question
        return question.value
    }
}
