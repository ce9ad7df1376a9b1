import AsyncHTTP
import Synchronization
import Telemetry
import TestClock
import TestExposition

@testable import Reporting

/// A client on a clock that a test moves, with a source that counts how often it is read.
struct Reporter: Sendable {
    let client: ReportClient
    let clock: ManualClock
    let hub: ScriptedHub
    let failures: Failures

    final class Failures: Sendable {
        private let all = Mutex<[ReportFailure]>([])
        var reasons: [ReportFailure.Reason] { all.withLock { $0.map(\.reason) } }
        func add(_ failure: ReportFailure) { all.withLock { $0.append(failure) } }
    }

    /// When the clock was at its beginning, since 1970.
    static let beginning = Duration.seconds(1_800_000_000)

    /// Runs a client that reports every 15 seconds beside the body, on one loop.
    static func reporting(
        to hub: ScriptedHub = ScriptedHub(),
        readsSource: Bool = true,
        runs: Bool = true,
        _ change: (inout ReportConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Reporter) async throws -> Void
    ) throws {
        var configuration = ReportConfiguration(name: "w", type: "t")
        change(&configuration)
        try withEventLoops { [configuration] group in
            let reporter = try Reporter(configuration, hub, readsSource: readsSource, on: group.first)
            try await withThrowingTaskGroup { tasks in
                if runs { tasks.addTask { await reporter.client.run() } }
                try await body(reporter)
                tasks.cancelAll()
            }
        }
    }

    private init(
        _ configuration: ReportConfiguration,
        _ hub: ScriptedHub,
        readsSource: Bool,
        on loop: EventLoop
    ) throws {
        let (clock, failures) = (ManualClock(), Failures())
        (self.clock, self.hub, self.failures) = (clock, hub, failures)
        let registry = Registry()
        let readings = try registry.counter("readings", help: "Readings.")
        client = ReportClient(
            configuration,
            on: loop,
            clock: clock,
            wallClock: { Self.beginning + ManualClock.beginning.duration(to: clock.now) },
            generator: SeededGenerator(seed: 7),
            source: readsSource
                ? { @Sendable in
                    readings.increment()
                    return registry.gather()
                } : nil,
            failed: { failures.add($0) },
            deliver: { body throws(ReportFailure) in try await hub.deliver(body) }
        )
    }
}
