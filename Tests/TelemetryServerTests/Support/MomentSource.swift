import AsyncHTTP
import Synchronization
import Telemetry

@testable import TelemetryServer

/// What is scraped while a test moves from moment to moment: only what was asked for in one is ready in the next.
final class MomentSource: ScrapeHolder {
    private struct State {
        var version: UInt64 = 0
        var snapshot: ScrapeSnapshot
        var now = MonotonicInstant(nanoseconds: 0)
        var looks = 0
        var made: [Representation] = []
    }

    private let registry: Registry
    private let demand = ScrapeDemand()
    private let state: Mutex<State>

    init(_ registry: Registry) throws {
        self.registry = registry
        state = Mutex(State(snapshot: try ScrapeSnapshot(RenderedMetrics(registry), ready: [])))
    }

    /// How often something was looked for.
    var looks: Int { state.withLock(\.looks) }
    /// What had to be made for somebody who waited.
    var made: [Representation] { state.withLock(\.made) }

    /// Another moment begins, and what was asked for is ready.
    func renew(after duration: Duration = .seconds(1)) throws {
        let now = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return state.now
        }
        let snapshot = try ScrapeSnapshot(RenderedMetrics(registry), ready: demand.recent(at: now))
        state.withLock { state in
            state.snapshot = snapshot
            state.version += 1
        }
    }

    var version: UInt64 { state.withLock(\.version) }

    func scrape(_ representation: Representation) -> PreparedResponse? {
        demand.note(representation)
        return state.withLock { state in
            state.looks += 1
            return state.snapshot[representation]
        }
    }

    func made(_ representation: Representation) throws -> PreparedResponse {
        let snapshot = state.withLock { state in
            state.made.append(representation)
            return state.snapshot
        }
        return try snapshot.made(representation)
    }
}
