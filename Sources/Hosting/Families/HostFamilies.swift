import Access
import Service
package import Telemetry
package import TelemetryServer

/// What every program that serves counts about itself, under its own prefix: requests, connections, the log, locks, reloads.
package struct HostFamilies: Sendable {
    package let requests: RequestMetrics

    /// - Parameters:
    ///   - prefix: what the names begin with, such as `agent_exporter`.
    ///   - holder: the server, when there is one.
    ///   - isLocked: whether there is a web configuration file.
    ///   - reloads: whether there is something else to read again.
    ///   - linesDropped: how many lines of the log have been dropped until now.
    package init(
        in registry: Registry,
        prefix: String,
        _ holder: ServerHolder,
        isLocked: Bool,
        reloads: Bool = false,
        linesDropped: @escaping @Sendable () -> Int
    ) throws(MetricsError) {
        requests = try RequestMetrics(in: registry, prefix: prefix)
        try registry.register(ServerCollector(prefix: prefix, statistics: holder.statistics))
        try registry.register(LogCollector(prefix: prefix, linesDropped: linesDropped))
        if isLocked {
            try registry.register(
                LockCollector(prefix: prefix, locks: { holder.locks }, statistics: holder.statisticsOfLocks)
            )
        }
        guard isLocked || reloads else { return }
        try registry.register(ReloadCollector(prefix: prefix, outcome: { holder.reload?.last }))
    }

    /// Those of a port that is locked, before anything has happened: for a reference, which opens nothing.
    package static func ofLocks(prefix: String) throws(MetricsError) -> [MetricFamily] {
        let locks = try LockCollector(prefix: prefix, locks: { nil }, statistics: { nil })
        let reload = try ReloadCollector(prefix: prefix, outcome: { nil })
        return locks.untouched + reload.descriptors.map { MetricFamily($0, samples: []) }
    }
}
