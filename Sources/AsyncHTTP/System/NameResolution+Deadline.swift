import Synchronization

extension NameResolution {
    /// What the thread leaves, for as long as somebody waits or the thread runs.
    private final class Question: Sendable {
        let result = Mutex<Result<[SocketAddress], Failure>?>(nil)
        let semaphore: Semaphore

        init() throws(SystemError) { semaphore = try Semaphore() }
    }

    /// Asks on a thread of its own and waits no longer than that, for callers that may block but not for ever.
    package static func resolve(
        _ name: String,
        port: UInt16,
        within patience: Duration
    ) throws(Failure) -> [SocketAddress] {
        let question: Question
        do throws(SystemError) {
            question = try Question()
            try Thread.startDetached { [question] in
                let result = Result { () throws(Failure) in try resolve(name, port: port) }
                question.result.withLock { $0 = result }
                question.semaphore.signal()
            }
        } catch {
            throw Failure(name: name, reason: error.description, isExhaustion: error.isExhaustion)
        }
        guard question.semaphore.wait(for: patience), let result = question.result.withLock({ $0 }) else {
            throw Failure(name: name, reason: "no answer in time")
        }
        return try result.get()
    }
}
