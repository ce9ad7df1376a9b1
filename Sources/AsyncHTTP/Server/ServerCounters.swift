import Synchronization

/// What a server has done so far.
public struct ServerStatistics: Sendable, Hashable {
    /// Connections that are open now, those that wait for a request included.
    public var connectionsOpen = 0
    /// Connections that were accepted, those that were turned away included.
    public var connectionsTotal = 0
    /// Received and kept until its turn comes, or because it is answered without being read when it comes again, now.
    public var pendingBytes = 0
    /// How often each reason has come up; every reason is there, also at 0.
    public var rejected: [RejectionReason: Int] = [:]
    /// Answers by the first digit of their status: index 2 holds the 2xx.
    public var answersByClass = [Int](repeating: 0, count: 6)
    /// Connections whose encryption was agreed on.
    public var handshakes = 0
    /// Connections that began to agree on it, and came to nothing.
    public var failedHandshakes = 0
    /// What was taken from peers, heads and framing included.
    public var bytesReceived = 0
    /// What the kernel has taken for peers, heads and framing included.
    public var bytesSent = 0

    package init() {}

    /// Answers of all classes. One that broke off halfway counts.
    public var answers: Int { answersByClass.reduce(0, &+) }
}

/// Why a connection, or a request on it, was turned away.
public enum RejectionReason: Int, Sendable, Hashable, CaseIterable {
    /// The server had as many connections as it may.
    case tooManyConnections
    /// The server kept as many bytes of unanswered requests as it may.
    case tooMuchPending
    /// The system had no descriptor or memory for it. It waits in the backlog and may count again.
    case acceptFailed
    /// The head or the body broke a rule of HTTP/1.1.
    case malformedRequest
    /// A handler threw an error of its own; the peer got 500.
    case handlerFailed
    /// A head that had begun did not arrive in time.
    case headerTimeout
    /// A body did not arrive in time.
    case bodyTimeout
    /// The peer did not take its answer in time.
    case writeTimeout
    /// Middleware did not decide in time; the peer got 503.
    case admissionTimeout
    /// Others wanted to agree on encryption, and this connection had taken longest to.
    case tooManyHandshakes
}

/// The counters of one loop's part of a server. Only that loop writes them, anybody reads them: so a count is a plain load
/// and a plain store, without a locked instruction.
final class ServerCounters: Sendable {
    let connectionsOpen = Tally()
    let connectionsTotal = Tally()
    let handshakes = Tally()
    let failedHandshakes = Tally()
    let bytesReceived = Tally()
    let bytesSent = Tally()
    private let rejected = RejectionReason.allCases.map { _ in Tally() }
    private let answers = (0..<6).map { _ in Tally() }

    final class Tally: Sendable {
        private let value = Atomic<Int>(0)

        func add(_ amount: Int = 1) {
            value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
        }

        var current: Int { value.load(ordering: .relaxed) }
    }

    func reject(_ reason: RejectionReason) {
        rejected[reason.rawValue].add()
    }

    func answer(status: Int) {
        answers[min(max(status / 100, 0), 5)].add()
    }

    func add(to statistics: inout ServerStatistics) {
        statistics.connectionsOpen &+= connectionsOpen.current
        statistics.connectionsTotal &+= connectionsTotal.current
        statistics.handshakes &+= handshakes.current
        statistics.failedHandshakes &+= failedHandshakes.current
        statistics.bytesReceived &+= bytesReceived.current
        statistics.bytesSent &+= bytesSent.current
        for reason in RejectionReason.allCases {
            statistics.rejected[reason, default: 0] &+= rejected[reason.rawValue].current
        }
        for (index, counter) in answers.enumerated() { statistics.answersByClass[index] &+= counter.current }
    }
}
