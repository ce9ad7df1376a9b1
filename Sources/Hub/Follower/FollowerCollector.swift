import AsyncHTTP
import Service
package import Telemetry

/// Where a follower stands, as metrics.
package struct FollowerCollector: Collector {
    private let status: @Sendable () -> FollowerStatus
    private let labels: Labels
    private let reports: MetricDescriptor
    private let rows: MetricDescriptor
    private let connected: MetricDescriptor
    private let failures: MetricDescriptor
    private let lag: MetricDescriptor
    private let backlog: MetricDescriptor
    private let ofReports: (written: Labels, duplicate: Labels)
    private let ofRows: (written: Labels, refused: Labels)

    /// - Parameter name: by which the log knows it.
    package init(
        of name: String,
        prefix: String,
        status: @escaping @Sendable () -> FollowerStatus
    ) throws(MetricsError) {
        self.status = status
        let follower = ("follower", name)
        labels = try Labels([follower.0: follower.1])
        ofReports = (
            try Labels([follower.0: follower.1, "result": "written"]),
            try Labels([follower.0: follower.1, "result": "duplicate"])
        )
        ofRows = (
            try Labels([follower.0: follower.1, "result": "written"]),
            try Labels([follower.0: follower.1, "result": "refused"])
        )
        connected = try MetricDescriptor(
            "\(prefix)_follower_up",
            kind: .gauge,
            help: "1 while the follower of the log is connected."
        )
        lag = try MetricDescriptor(
            "\(prefix)_follower_lag_seconds",
            kind: .gauge,
            help: "How old the oldest report is that the follower has not written.",
            unit: "seconds"
        )
        backlog = try MetricDescriptor(
            "\(prefix)_follower_backlog_reports",
            kind: .gauge,
            help: "Reports of the log that the follower has not written."
        )
        reports = try MetricDescriptor(
            "\(prefix)_follower_reports_total",
            kind: .counter,
            help: "Reports of the log that are done with: written, or found to be there from another hub."
        )
        rows = try MetricDescriptor(
            "\(prefix)_follower_rows_total",
            kind: .counter,
            help: "Samples that were written, or that the database refused and that were set aside."
        )
        failures = try MetricDescriptor(
            "\(prefix)_follower_failures_total",
            kind: .counter,
            help: "Attempts to connect or to write that have failed; each is repeated."
        )
    }

    package var descriptors: [MetricDescriptor] { [connected, lag, backlog, reports, rows, failures] }

    package func collect() -> [MetricFamily] {
        let status = status()
        let lagging = status.lag(at: WallClock.milliseconds)
        return [
            MetricFamily(connected, samples: [Sample(status.isConnected ? 1 : 0, labels: labels)]),
            MetricFamily(lag, samples: [Sample(Double(lagging.clampedNanoseconds) * 1e-9, labels: labels)]),
            MetricFamily(backlog, samples: [Sample(Double(status.unread), labels: labels)]),
            MetricFamily(
                reports,
                samples: [
                    Sample(Double(status.written.reports), labels: ofReports.written),
                    Sample(Double(status.written.duplicates), labels: ofReports.duplicate),
                ]
            ),
            MetricFamily(
                rows,
                samples: [
                    Sample(Double(status.written.rows), labels: ofRows.written),
                    Sample(Double(status.written.refused), labels: ofRows.refused),
                ]
            ),
            MetricFamily(failures, samples: [Sample(Double(status.allFailures), labels: labels)]),
        ]
    }
}
