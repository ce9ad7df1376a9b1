package import AsyncHTTP
package import Telemetry

/// What an HTTP server counts about its connections.
package struct ServerCollector: Collector {
    private let open: MetricDescriptor
    private let total: MetricDescriptor
    private let rejected: MetricDescriptor
    private let reasons: [(RejectionReason, Labels)]
    private let statistics: @Sendable () -> ServerStatistics?

    /// - Parameter prefix: what the names begin with, such as `agent_exporter`.
    package init(
        prefix: String,
        statistics: @escaping @Sendable () -> ServerStatistics?
    ) throws(MetricsError) {
        self.statistics = statistics
        open = try MetricDescriptor(
            "\(prefix)_http_open_connections",
            kind: .gauge,
            help: "Connections that are open now."
        )
        total = try MetricDescriptor(
            "\(prefix)_http_connections",
            kind: .counter,
            help: "Connections that were ever opened."
        )
        rejected = try MetricDescriptor(
            "\(prefix)_http_rejected",
            kind: .counter,
            help: "Connections and requests that were turned away, by why."
        )
        var reasons: [(RejectionReason, Labels)] = []
        for reason in RejectionReason.allCases { reasons.append((reason, try Labels(["reason": reason.label]))) }
        self.reasons = reasons
    }

    package var descriptors: [MetricDescriptor] { [open, total, rejected] }

    package func collect() -> [MetricFamily] {
        let statistics = statistics()
        return [
            MetricFamily(open, samples: [Sample(Double(statistics?.connectionsOpen ?? 0))]),
            MetricFamily(total, samples: [Sample(Double(statistics?.connectionsTotal ?? 0))]),
            MetricFamily(
                rejected,
                samples: reasons.map { Sample(Double(statistics?.rejected[$0.0] ?? 0), labels: $0.1) }
            ),
        ]
    }
}

extension RejectionReason {
    fileprivate var label: String {
        switch self {
        case .tooManyConnections: "too_many_connections"
        case .tooManyHandshakes: "too_many_handshakes"
        case .tooMuchPending: "too_much_pending"
        case .acceptFailed: "accept_failed"
        case .malformedRequest: "malformed_request"
        case .handlerFailed: "handler_failed"
        case .headerTimeout: "header_timeout"
        case .bodyTimeout: "body_timeout"
        case .writeTimeout: "write_timeout"
        case .admissionTimeout: "admission_timeout"
        }
    }
}
