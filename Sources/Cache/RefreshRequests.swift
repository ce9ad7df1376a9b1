/// Who waits for an extra fetch. Pure bookkeeping: the refresher keeps it behind its lock and rings what it hands out.
///
/// A request is answered by a fetch that began after the request was made. So everyone who asks while one fetch is under
/// way shares the next one.
struct RefreshRequests<Answer: Sendable>: Sendable {
    private struct Request: Sendable {
        let identifier: UInt64
        let bell: Bell
        /// The first attempt that began after the request was made.
        let attempt: UInt64
        var answer: Answer?
    }

    /// In the order in which they were made. There are few.
    private var requests: [Request] = []
    private var nextIdentifier: UInt64 = 0

    /// Whether someone waits for an attempt that has not begun.
    func wantsAttempt(after begun: UInt64) -> Bool {
        requests.contains { $0.answer == nil && $0.attempt > begun }
    }

    mutating func add(_ bell: Bell, begun: UInt64) -> UInt64 {
        let identifier = nextIdentifier
        nextIdentifier &+= 1
        requests.append(Request(identifier: identifier, bell: bell, attempt: begun &+ 1))
        return identifier
    }

    /// Gives the answer to everyone who waited for this attempt or an earlier one; the bells are to be rung.
    mutating func answer(_ answer: Answer, attempt: UInt64) -> [Bell] {
        var bells: [Bell] = []
        for index in requests.indices where requests[index].answer == nil && requests[index].attempt <= attempt {
            requests[index].answer = answer
            bells.append(requests[index].bell)
        }
        return bells
    }

    /// The bells of everyone who is still waiting, now that nobody will answer.
    func unanswered() -> [Bell] {
        requests.filter { $0.answer == nil }.map(\.bell)
    }

    /// Forgets a request and tells its answer, if it got one.
    mutating func remove(_ identifier: UInt64) -> Answer? {
        guard let index = requests.firstIndex(where: { $0.identifier == identifier }) else { return nil }
        return requests.remove(at: index).answer
    }
}
