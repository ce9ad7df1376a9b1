import Synchronization

@testable import Exporter

/// A source that says what it has been told to say, and remembers how often it was asked.
final class ScriptedSource: Source {
    private struct Script {
        var answer: Result<AgentReading, PollFailure>
        var isListening = true
        var polls = 0
        var looks = 0
        var isClosed = false
    }

    private let script: Mutex<Script>

    init(_ answer: Result<AgentReading, PollFailure>) {
        script = Mutex(Script(answer: answer))
    }

    var polls: Int { script.withLock(\.polls) }
    var looks: Int { script.withLock(\.looks) }
    var isClosed: Bool { script.withLock(\.isClosed) }

    func answers(_ answer: Result<AgentReading, PollFailure>, isListening: Bool = true) {
        script.withLock { script in
            script.answer = answer
            script.isListening = isListening
        }
    }

    func poll() async throws(PollFailure) -> AgentReading {
        let answer = script.withLock { script in
            script.polls += 1
            return script.answer
        }
        return try answer.get()
    }

    func isListening() async -> Bool {
        script.withLock { script in
            script.looks += 1
            return script.isListening
        }
    }

    func close() async {
        script.withLock { $0.isClosed = true }
    }
}
