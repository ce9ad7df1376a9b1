import AsyncHTTP
package import Telemetry

/// What a program counts about the requests that it answers: by known path and status, never by anything that a request says.
package struct RequestMetrics: Sendable {
    package let requests: Labeled<Counter>
    let duration: Histogram

    /// - Parameter prefix: what the names begin with, such as `agent_exporter`.
    package init(in registry: Registry, prefix: String) throws(MetricsError) {
        requests = try registry.counter(
            "\(prefix)_http_requests_total",
            help: "Requests answered, by path and status.",
            labels: ["path", "code"]
        )
        duration = try registry.histogram(
            "\(prefix)_http_request_duration_seconds",
            help: "From when a request had been received until its answer was sent.",
            unit: "seconds",
            buckets: try Buckets([0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5])
        )
    }
}

/// The requests of one path.
final class RouteAccount: Sendable {
    let path: [UInt8]
    private let label: String
    private let metrics: RequestMetrics
    private let successes: Counter

    /// - Parameter path: nil is all that are not known.
    init(_ path: String?, _ metrics: RequestMetrics) throws {
        label = path ?? "other"
        self.metrics = metrics
        self.path = Array((path ?? "").utf8)
        successes = path == nil ? Counter() : try metrics.requests.with(label, "200")
    }

    @inline(never)
    func count(_ code: Int, after nanoseconds: Int64) {
        if code == 200 {
            successes.increment()
        } else {
            try? metrics.requests.with(label, String(code)).increment()
        }
        // In plain numbers: a `Duration` has 128 bits, and dividing it costs more than all the rest of this.
        metrics.duration.observe(Double(nanoseconds) * 1e-9)
    }
}
