import Synchronization

@testable import AsyncHTTP

/// An answer that stands until a test changes it, and remembers how often a handler was asked for it, and what was sent.
final class Standing: StandingAnswer {
    struct Sent: Equatable {
        let status: Int
        let nanoseconds: Int64
    }

    private struct State {
        var version: UInt64 = 0
        var current: PreparedResponse?
        var made: PreparedResponse
        var calls = 0
    }

    private let state: Mutex<State>
    private let log = Log<Sent>()

    init(_ response: Response = .text("stands")) throws {
        let response = try PreparedResponse(response)
        state = Mutex(State(current: response, made: response))
    }

    /// What is answered from now on.
    /// - Parameter isFinished: false when a handler has to be asked for it first.
    func becomes(_ response: Response, isFinished: Bool = true) throws {
        let response = try PreparedResponse(response)
        state.withLock { state in
            state.version += 1
            state.current = isFinished ? response : nil
            state.made = response
        }
    }

    /// How often a handler was asked.
    var calls: Int { state.withLock(\.calls) }
    var sent: [Sent] { log.entries }

    /// Asked by whatever request, it says what stands.
    func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        let response = state.withLock { state in
            state.calls += 1
            state.current = state.made
            return state.made
        }
        return try await responder.send(response, standing: self)
    }

    var version: UInt64 { state.withLock(\.version) }

    func current() -> PreparedResponse? { state.withLock(\.current) }

    func sent(_ status: HTTPStatus, after nanoseconds: Int64) {
        log.append(Sent(status: status.code, nanoseconds: nanoseconds))
    }
}

/// Somebody who is asked before requests are routed, by a rule that a test may exchange.
final class Authoriser: Middleware {
    private struct State {
        var generation: UInt64 = 1
        var asked = 0
        var rule: @Sendable (Request, UInt64) -> Admission
    }

    private let state: Mutex<State>

    init(_ rule: @escaping @Sendable (Request, UInt64) -> Admission = { .admit(generation: $1) }) {
        state = Mutex(State(rule: rule))
    }

    var generation: UInt64 { state.withLock(\.generation) }
    /// How often it was asked.
    var asked: Int { state.withLock(\.asked) }

    func admit(_ request: Request) -> Admission {
        let (rule, generation) = state.withLock { state in
            state.asked += 1
            return (state.rule, state.generation)
        }
        return rule(request, generation)
    }

    /// Another generation begins, with another rule or the same.
    func reload(_ rule: (@Sendable (Request, UInt64) -> Admission)? = nil) {
        state.withLock { state in
            state.generation += 1
            if let rule { state.rule = rule }
        }
    }

    static let refusal: Admission =
        (try? PreparedResponse(.text("no", status: .forbidden))).map { .refuse($0) } ?? .admitOnce
}
