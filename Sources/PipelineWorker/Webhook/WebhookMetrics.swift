import Telemetry

/// What is counted of webhooks, by the names and in the words that their dashboards know.
struct WebhookMetrics: Sendable {
    let accepted: Counter
    let refused: Counter
    let time: Histogram
    let payload: Counter
    private let reasons: [String: Counter]

    /// Both outcomes are there from the start.
    init(in registry: Registry) throws(MetricsError) {
        let requests = try registry.counter(
            "webhook_requests_total",
            help: "Total number of webhook requests processed",
            labels: ["status"]
        )
        accepted = try requests.with("success")
        refused = try requests.with("failure")
        time = try registry.histogram(
            "webhook_processing_time_seconds",
            help: "Time spent processing webhook requests",
            unit: "seconds",
            buckets: Buckets([0.01, 0.05, 0.1, 0.5, 1])
        )
        payload = try registry.counter(
            "webhook_payload_size_bytes_total",
            help: "Total size of webhook payloads received",
            unit: "bytes"
        )
        let reasons = try registry.counter(
            "pipeline_worker_webhooks_refused_total",
            help: "Webhooks that were not taken, by the reason.",
            labels: ["reason"]
        )
        var counters: [String: Counter] = [:]
        for reason in WebhookProblem.all.map(\.reason) { counters[reason] = try reasons.with(reason) }
        self.reasons = counters
    }

    func count(_ problem: WebhookProblem) { reasons[problem.reason]?.increment() }
}
