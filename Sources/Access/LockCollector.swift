package import AsyncHTTP
package import Telemetry

/// What locks count, and when the certificate ends.
package struct LockCollector: Collector {
    private let refused: MetricDescriptor
    private let handshakes: MetricDescriptor
    private let end: MetricDescriptor
    private let reasons: [(any KeyPath<AccessStatistics, Int> & Sendable, Labels)]
    private let outcomes: [(any KeyPath<ServerStatistics, Int> & Sendable, Labels)]
    private let locks: @Sendable () -> Locks?
    private let statistics: @Sendable () -> ServerStatistics?

    /// - Parameter prefix: what the names begin with, such as `agent_exporter`.
    package init(
        prefix: String,
        locks: @escaping @Sendable () -> Locks?,
        statistics: @escaping @Sendable () -> ServerStatistics?
    ) throws(MetricsError) {
        self.locks = locks
        self.statistics = statistics
        refused = try MetricDescriptor(
            "\(prefix)_http_refused",
            kind: .counter,
            help: "Requests that were refused before they were looked at, by why."
        )
        handshakes = try MetricDescriptor(
            "\(prefix)_http_tls_handshakes",
            kind: .counter,
            help: "Connections whose encryption was agreed on, or was not."
        )
        end = try MetricDescriptor(
            "\(prefix)_http_tls_certificate_not_after_timestamp_seconds",
            kind: .gauge,
            help: "When the certificate that is shown ends."
        )
        reasons = [
            (\.missing, try Labels(["reason": "missing"])), (\.wrong, try Labels(["reason": "wrong"])),
            (\.forbidden, try Labels(["reason": "forbidden"])), (\.busy, try Labels(["reason": "busy"])),
            (\.rateLimited, try Labels(["reason": "rate_limited"])),
        ]
        outcomes = [
            (\.handshakes, try Labels(["result": "done"])), (\.failedHandshakes, try Labels(["result": "failed"])),
        ]
    }

    package var descriptors: [MetricDescriptor] { [refused, handshakes, end] }

    /// What is there before anything has happened, with a certificate: for a reference.
    package var untouched: [MetricFamily] { families(AccessStatistics()) + families(ServerStatistics(), end: 0) }

    package func collect() -> [MetricFamily] {
        guard let locks = locks() else { return [] }
        let refusals = families(locks.statistics)
        guard locks.areSecure else { return refusals }
        return refusals + families(statistics() ?? ServerStatistics(), end: locks.endOfCertificate)
    }

    private func families(_ refusals: AccessStatistics) -> [MetricFamily] {
        let samples = reasons.map { Sample(Double(refusals[keyPath: $0.0]), labels: $0.1) }
        return [MetricFamily(refused, samples: samples)]
    }

    private func families(_ server: ServerStatistics, end: Int64?) -> [MetricFamily] {
        let samples = outcomes.map { Sample(Double(server[keyPath: $0.0]), labels: $0.1) }
        let handshakes = MetricFamily(handshakes, samples: samples)
        guard let end else { return [handshakes] }
        return [handshakes, MetricFamily(self.end, samples: [Sample(Double(end))])]
    }
}
