import AsyncHTTP
import Flags
import JSON
import Service
import Synchronization

/// An agent for demos, tests and measurements: its values move, and it misbehaves on request.
final class SimulatedAgent: Sendable {
    static let path = "/actuator/info"

    private struct State: Sendable {
        var behavior: SimulatedBehavior
        var refusesUntil: MonotonicInstant
        var server: HTTPServer?
    }

    private struct CutShort: Error {}

    /// How often a change of behavior is looked for by those who wait for one.
    private static let look = Duration.milliseconds(20)

    /// Those who wait for an answer when a refusal begins are cut: slowness may be what they wait for.
    private static let limits: ServerLimits = {
        var limits = ServerLimits()
        limits.drainTimeout = .milliseconds(200)
        return limits
    }()

    let endpoint: ClientEndpoint
    let addresses: [String]
    private let loop: EventLoop
    private let logger: Logger
    private let address: ListenAddress
    private let control: HTTPServer?
    private let state: Mutex<State>
    private let began = MonotonicInstant.now

    /// Opens the sockets, so that what cannot be opened is known before anything runs.
    init(
        _ configuration: SimulationConfiguration,
        defaultAddress: ListenAddress,
        logger: Logger,
        on loop: EventLoop
    ) throws {
        self.loop = loop
        self.logger = logger
        let wanted = configuration.listenAddress ?? defaultAddress
        let handler = Handler()
        let server = try HTTPServer(listeningOn: [wanted], loops: [loop], limits: Self.limits, handler: handler.handle)
        addresses = server.addresses
        (address, endpoint) = Self.resolved(wanted, port: server.port)
        control = try configuration.controlAddress.map { address throws(ListenError) in
            try HTTPServer(listeningOn: [address], loops: [loop], handler: handler.handleControl)
        }
        state = Mutex(
            State(
                behavior: configuration.behavior,
                refusesUntil: MonotonicInstant.now.advanced(by: configuration.behavior.refuse),
                server: server
            )
        )
        handler.agent = self
    }

    /// The address with the port that the kernel chose, to be opened again after a refusal; and where a client finds it.
    private static func resolved(_ address: ListenAddress, port: UInt16?) -> (ListenAddress, ClientEndpoint) {
        switch address {
        case .port, .systemd: (.port(port ?? 0), .internet(host: "localhost", port: port ?? 0))
        case .host(let host, _): (.host(host, port: port ?? 0), .internet(host: host, port: port ?? 0))
        case .unix(let path): (address, .unix(path: path))
        }
    }

    /// Serves until the task is cancelled.
    func run() async throws {
        logger.info("simulated agent", ("listening", LogValue(addresses.joined(separator: " "))))
        do {
            try await withThrowingDiscardingTaskGroup { group in
                if let control { group.addTask { try await control.run() } }
                group.addTask { try await self.serve() }
            }
        } catch  where Task.isCancelled {
            // Wherever it was waiting: that is how it ends.
        }
    }

    private func serve() async throws {
        while !Task.isCancelled {
            try await untilRefusalEnds()
            guard let server = openServer() else {
                try await loop.clock.sleep(for: Self.look)
                continue
            }
            defer { state.withLock { $0.server = nil } }
            try await server.run()
        }
    }

    /// The server that there is, or a new one; nil while somebody else has its address.
    private func openServer() -> HTTPServer? {
        state.withLock { state in
            let server =
                state.server
                ?? (try? HTTPServer(listeningOn: [address], loops: [loop], limits: Self.limits, handler: handle))
            state.server = server
            return server
        }
    }

    /// A server that was opened but is not wanted yet is closed again.
    private func untilRefusalEnds() async throws {
        guard state.withLock({ $0.refusesUntil > .now }) else { return }
        if let server = state.withLock({ $0.server }) {
            server.shutdown(gracefully: true)
            try await server.run()
            state.withLock { $0.server = nil }
        }
        while state.withLock({ $0.refusesUntil > .now }) { try await loop.clock.sleep(for: Self.look) }
    }

    // MARK: Answering

    func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        if request.target.pathEquals(Self.path), request.method == .get || request.method == .head {
            return try await answer(responder)
        }
        return try await handleControl(request, responder)
    }

    func handleControl(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        guard request.target.pathEquals("/simulate"), request.method == .post else {
            return try await responder.send(.text("not found", status: .notFound))
        }
        let body = try await request.body.collect()
        return try await responder.send(change(body))
    }

    private func answer(_ responder: consuming Responder) async throws -> Answer {
        let behavior = state.withLock { $0.behavior }
        if behavior.latency > .zero { try await loop.clock.sleep(for: behavior.latency) }
        while state.withLock({ $0.behavior.hang }) { try await loop.clock.sleep(for: Self.look) }
        let status = try HTTPStatus(code: behavior.status, reason: "Simulated")
        let body = Array((behavior.body ?? document(behavior)).utf8)
        var fields = HeaderFields()
        try fields.append("Content-Type", "application/json")
        guard behavior.drip > 0 || behavior.reset else {
            return try await responder.send(Response(status: status, fields: fields, body: body))
        }
        let length = behavior.reset ? body.count / 2 : body.count
        let piece = behavior.drip > 0 ? max(1, behavior.drip / 20) : max(1, length)
        return try await responder.stream(status, fields) { writer in
            var sent = 0
            while sent < length {
                let next = min(length, sent + piece)
                try await writer.write(Array(body[sent..<next]))
                sent = next
                if behavior.drip > 0 { try await loop.clock.sleep(for: .seconds(1) * piece / behavior.drip) }
            }
            if behavior.reset { throw CutShort() }
        }
    }

    private func document(_ behavior: SimulatedBehavior) -> String {
        let activity = SimulatedActivity(at: began.duration(to: .now))
        return """
            {"buildInfo":{"version":"3.5.2-demo","commitHash":"5f0c1ab","buildTimestamp":"2026-01-15T09:30:00Z"},\
            "agentStatus":\(JSONText.quoted(behavior.agentStatus)),\
            "activeTaskCount":\(behavior.activeTasks ?? activity.tasks),\
            "activeRequestCount":\(behavior.activeRequests ?? activity.requests),\
            "openSessionsCount":\(behavior.openSessions ?? activity.sessions)}
            """
    }

    // MARK: Changing

    private static let fields = JSONFields(SimulatedBehavior.settings.map { [$0.name] })

    /// Takes all settings of a JSON object, or none of them.
    private func change(_ body: [UInt8]) -> Response {
        var changed = state.withLock { $0.behavior }
        do {
            var hasRefusal = false
            for key in try JSONFields.keys(of: body)
            where !SimulatedBehavior.settings.contains(where: { $0.name == key }) {
                throw UsageError("\(key.quotedForMessage): \(SimulatedBehavior.unknown(key).expected)")
            }
            for (setting, value) in zip(SimulatedBehavior.settings, try Self.fields.read(body)) where value != .absent {
                let text = try Self.text(value)
                do throws(ValueProblem) {
                    try setting.set(&changed, text)
                } catch {
                    throw UsageError(setting.name, text ?? "null", error)
                }
                if setting.name == "refuse" { hasRefusal = true }
            }
            apply(changed, hasRefusal: hasRefusal)
            return .text("changed")
        } catch {
            return .text("\(error)", status: .badRequest)
        }
    }

    private func apply(_ behavior: SimulatedBehavior, hasRefusal: Bool) {
        state.withLock { state in
            state.behavior = behavior
            guard hasRefusal else { return }
            state.refusesUntil = MonotonicInstant.now.advanced(by: behavior.refuse)
            if behavior.refuse > .zero { state.server?.shutdown(gracefully: true) }
        }
        logger.info("simulated agent changed")
    }

    /// A setting as a flag would give it; `null` is its default.
    private static func text(_ value: JSONScalar) throws -> String? {
        switch value {
        case .absent, .null: nil
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): text
        case .container: throw UsageError("a setting is an object or an array")
        }
    }
}

/// The agent that answers, for servers that have to be opened before it is whole.
private final class Handler: Sendable {
    private struct Weak: Sendable {
        weak var agent: SimulatedAgent?
    }

    private let reference = Mutex(Weak())

    var agent: SimulatedAgent? {
        get { reference.withLock { $0.agent } }
        set { reference.withLock { $0.agent = newValue } }
    }

    @Sendable func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        guard let agent else { return try await responder.send(Response(status: .serviceUnavailable)) }
        return try await agent.handle(request, responder)
    }

    @Sendable func handleControl(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        guard let agent else { return try await responder.send(Response(status: .serviceUnavailable)) }
        return try await agent.handleControl(request, responder)
    }
}
