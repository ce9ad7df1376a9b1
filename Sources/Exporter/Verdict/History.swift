import AsyncHTTP
import Synchronization

/// The last ten minutes of the three counts, in a ring of fixed size.
final class History: Sendable {
    struct Point: Sendable, Hashable {
        /// What the agent has not said is nil, and as much a gap as a time in which nothing stands.
        var tasks: Double?
        var requests: Double?
        var sessions: Double?

        init(tasks: Double?, requests: Double?, sessions: Double?) {
            self.tasks = tasks
            self.requests = requests
            self.sessions = sessions
        }

        init(_ reading: AgentReading) {
            self.init(tasks: reading.activeTasks, requests: reading.activeRequests, sessions: reading.openSessions)
        }

        subscript(count: AgentCount) -> Double? {
            switch count {
            case .tasks: tasks
            case .requests: requests
            case .sessions: sessions
            }
        }
    }

    static let span = Duration.seconds(600)
    private static let step = Duration.seconds(2)
    static let slots = 300

    private struct Ring: Sendable {
        var points = [Point?](repeating: nil, count: slots)
        /// The number of the last slot that was written, counted from the clock's beginning.
        var last: Int64 = 0
        /// The last that was recorded, and in which slot.
        var latest: Point?
        var recorded: Int64 = 0
    }

    private let ring = Mutex(Ring())
    /// For how many slots a value stands until the next is due.
    private let lifetime: Int64

    init(pollInterval: Duration) {
        lifetime = Self.slot(of: MonotonicInstant(nanoseconds: 0).advanced(by: pollInterval)) + 3
    }

    /// What is known now; nil is a gap.
    func record(_ point: Point?, at now: MonotonicInstant) {
        let slot = Self.slot(of: now)
        ring.withLock { ring in
            advance(&ring, to: slot)
            ring.points[Self.index(slot)] = point
            ring.latest = point
            ring.recorded = slot
        }
    }

    /// From ten minutes ago until now.
    func points(at now: MonotonicInstant) -> [Point?] {
        let slot = Self.slot(of: now)
        return ring.withLock { ring in
            advance(&ring, to: slot)
            let next = Self.index(slot + 1)
            return Array(ring.points[next...] + ring.points[..<next])
        }
    }

    /// A value stands for a while; what was not recorded after that is a gap.
    private func advance(_ ring: inout Ring, to slot: Int64) {
        guard slot > ring.last else { return }
        for passed in max(ring.last + 1, slot - Int64(Self.slots) + 1)...slot {
            ring.points[Self.index(passed)] = passed - ring.recorded < lifetime ? ring.latest : nil
        }
        ring.last = slot
    }

    private static func slot(of instant: MonotonicInstant) -> Int64 {
        max(0, instant.nanoseconds / step.clampedNanoseconds)
    }

    private static func index(_ slot: Int64) -> Int { Int(slot % Int64(slots)) }
}
