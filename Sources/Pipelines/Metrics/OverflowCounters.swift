import Telemetry

/// How many recordings had no series of their own, by the limit that they met.
struct OverflowCounters: Sendable {
    let pipelines = Counter()
    let errorCodes = Counter()
    let texts = Counter()
    private let labels: [Labels]

    init() throws(MetricsError) {
        labels = [
            try Labels(["limit": "pipelines"]), try Labels(["limit": "error_codes"]),
            try Labels(["limit": "text_bytes"]),
        ]
    }

    /// Each with its labels.
    var all: [(Labels, Counter)] { Array(zip(labels, [pipelines, errorCodes, texts])) }
}
