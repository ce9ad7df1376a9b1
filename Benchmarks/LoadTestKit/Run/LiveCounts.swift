import Synchronization

/// What one worker has counted so far, for whoever shows it meanwhile.
final class LiveCounts: Sendable {
    private let answersSoFar = Atomic<UInt64>(0)
    private let failuresSoFar = Atomic<UInt64>(0)

    var answers: UInt64 { answersSoFar.load(ordering: .relaxed) }
    var failures: UInt64 { failuresSoFar.load(ordering: .relaxed) }

    /// Only the worker itself writes, so a load and a store are enough.
    func addAnswer() {
        answersSoFar.store(answers &+ 1, ordering: .relaxed)
    }

    func addFailure() {
        failuresSoFar.store(failures &+ 1, ordering: .relaxed)
    }
}
