import Telemetry

/// How many recordings had no series of their own, by the limit that they met.
struct OverflowCounters: Sendable {
    let pipelines = Counter()
    let errorCodes = Counter()
    let texts = Counter()
    private let labels: [Labels]

    init() {
        labels = ["pipelines", "error_codes", "text_bytes"].map { (try? Labels(["limit": $0])) ?? .none }
    }

    /// Each with its labels.
    var all: [(Labels, Counter)] { Array(zip(labels, [pipelines, errorCodes, texts])) }
}
