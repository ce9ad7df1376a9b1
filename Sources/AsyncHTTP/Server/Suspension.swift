/// The wait of a request for what a middleware has to find out first. It belongs to the loop of its connection.
final class Suspension {
    private let connection: Connection
    private let end: MonotonicInstant

    /// Where the connection's task waits: for a word, for the deadline, or until it is cancelled because the server is cut.
    private final class Place: Waiter {
        private var word: Admission?
        private var isCancelled = false

        func say(_ admission: Admission) {
            word = admission
            wake()
        }

        func cancel() {
            isCancelled = true
            wake()
        }

        /// - Returns: nil when it took too long.
        func wait() async throws(CancellationError) -> Admission? {
            while word == nil, !isCancelled {
                if await suspend() == .deadline { break }
            }
            retire()
            if isCancelled { throw CancellationError() }
            return word
        }
    }

    /// Charges the head to what the server keeps for all: it is held while the request waits.
    init(of request: Request) throws(ConnectionError) {
        connection = request.body.connection
        end = connection.stream.state.now.advanced(by: connection.context.limits.admissionTimeout)
        guard connection.chargePending(and: request.head.fields.heldBytes) else { throw .tooMuchPending }
    }

    /// The request waits no longer.
    func isOver() {
        _ = connection.chargePending(and: 0)
    }

    /// What came of a wait.
    enum Outcome {
        case decided(Admission)
        /// It took too long. It has been cancelled, and whoever answers the peer waits afterwards until it has ended.
        case late(Task<Void, Never>)
    }

    /// Asks, and waits until the deadline, which is the same for all that one request waits for.
    func wait(for ask: @escaping @Sendable () async -> Admission) async throws -> Outcome {
        let loop = connection.context.loop
        let place = loop.bind(Place(on: loop))
        place.value.setDeadline(end)
        let asking = Task(executorPreference: loop.taskExecutor) {
            let admission = await ask()
            loop.execute { place.value.say(admission) }
        }
        do {
            let word = try await withTaskCancellationHandler {
                try await place.value.wait()
            } onCancel: {
                loop.execute { place.value.cancel() }
            }
            if let word {
                await asking.value
                return .decided(word)
            }
        } catch {
            asking.cancel()
            await asking.value
            throw error
        }
        asking.cancel()
        return .late(asking)
    }

    /// Tells the peer that nobody has decided in time, and ends its connection, which may have long to wait for who has not.
    func refuse(with responder: consuming Responder, after late: Task<Void, Never>) async throws -> Answer {
        connection.context.counters.reject(.admissionTimeout)
        connection.exchange.keepsAlive = false
        let answer: Result<Answer, any Error>
        do {
            answer = .success(try await responder.send(.notDecided))
        } catch {
            answer = .failure(error)
        }
        await late.value
        return try answer.get()
    }
}

extension Response {
    fileprivate static let notDecided = Response.text(
        "it was not decided in time whether this request may",
        status: .serviceUnavailable
    )
}

/// A handler that is reached by those who are admitted.
func asking(_ middleware: [any Middleware], before handler: @escaping RequestHandler) -> RequestHandler {
    { request, responder in
        var suspension: Suspension?
        var generations: [UInt64]? = []
        defer { suspension?.isOver() }
        for each in middleware {
            var admission = each.admit(request)
            while case .suspend(let ask) = admission {
                let waiting = try suspension ?? Suspension(of: request)
                suspension = waiting
                switch try await waiting.wait(for: ask) {
                case .decided(let next): admission = next
                case .late(let task): return try await waiting.refuse(with: responder, after: task)
                }
            }
            switch admission {
            case .refuse(let response): return try await responder.send(response)
            case .admit(let generation): generations?.append(generation)
            case .admitOnce, .suspend: generations = nil
            }
        }
        request.generations = generations
        suspension?.isOver()
        suspension = nil
        return try await handler(request, responder)
    }
}
