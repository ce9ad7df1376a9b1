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
        if let underWay = self.question { question = underWay.value } else { question = try begin(host, port) }
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
            if let result = question.result { return try finish(result) }
            if attempt.isCancelled { throw ClientError(.cancelled, "while resolving \(host)") }
            if await waiter.suspend() == .deadline { throw ClientError(.resolve, "no answer for \(host) in time") }
        }
    }

    private func finish(
        _ result: Result<[SocketAddress], NameResolution.Failure>
    ) throws(ClientError) -> [SocketAddress] {
        question = nil
        switch result {
        case .success(let addresses) where !addresses.isEmpty:
            answer = (addresses, loop.state.now.advanced(by: lifetime))
            return addresses
        case .success: throw ClientError(.resolve, "the name has no address")
        case .failure(let failure): throw ClientError(.resolve, "\(failure.name): \(failure.reason)")
        }
    }

    private func begin(_ host: String, _ port: UInt16) throws(ClientError) -> Question {
        let (loop, question) = (loop, loop.bind(Question()))
        do throws(SystemError) {
            try Thread.startDetached {
                let result = Result { () throws(NameResolution.Failure) in try NameResolution.resolve(host, port: port)
                }
                loop.execute {
                    question.value.result = result
                    for waiter in question.value.waiters { waiter.wake() }
                }
            }
        } catch {
            throw ClientError(.resolve, "no thread to ask with (\(error))")
        }
        self.question = question
        return question.value
    }
}
