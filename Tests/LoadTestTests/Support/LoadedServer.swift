import AsyncHTTP
import Glibc
import Synchronization

@testable import LoadTestKit

/// A short load, changed as a test wants it.
func quickSettings(_ change: (inout LoadSettings) -> Void) -> LoadSettings {
    var settings = LoadSettings()
    settings.rate = .perSecond(200)
    settings.connections = 4
    settings.duration = .milliseconds(500)
    settings.warmup = .zero
    settings.timeout = .seconds(10)
    change(&settings)
    return settings
}

/// Loads a server that lives on a loop of its own.
///
/// - Parameters:
///   - url: by default that of the address on which it listens.
///   - paths: of several URLs on that address.
func loaded(
    _ settings: LoadSettings,
    at address: ListenAddress = .host("127.0.0.1", port: 0),
    url: String? = nil,
    paths: [String] = ["metrics"],
    inputs: LoadInputs = LoadInputs(),
    limits: ServerLimits = ServerLimits(),
    security: StreamSecurity? = nil,
    handler: @escaping RequestHandler = { _, responder in try await responder.send(.text("up 1\n")) },
    progress: (@Sendable (String) -> Void)? = nil
) throws -> LoadReport {
    try withEventLoops(count: 1 + settings.threads) { group in
        let server = try HTTPServer(
            listeningOn: [address],
            loops: [group.loops[settings.threads]],
            limits: limits,
            security: security,
            handler: handler
        )
        let origin = "\(security == nil ? "http" : "https")://127.0.0.1:\(server.port ?? 0)"
        let urls = try (url.map { [$0] } ?? paths.map { "\(origin)/\($0)" }).map(ClientURL.init)
        let plan = LoadPlan(urls, settings)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await server.run() }
            defer { tasks.cancelAll() }
            return try await LoadRun(plan, inputs).run(
                on: Array(group.loops.prefix(settings.threads)),
                progress: progress
            )
        }
    }
}

/// What several tasks count together.
final class Tally: Sendable {
    private let stored = Atomic<Int>(0)

    var count: Int { stored.load(ordering: .relaxed) }

    /// - Returns: how many there were before.
    @discardableResult
    func add() -> Int { stored.add(1, ordering: .relaxed).oldValue }
}
