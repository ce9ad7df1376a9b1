import Telemetry

/// The labels of one pipeline's series. Its id comes first in each.
struct PipelineLabels: Sendable {
    /// Those of series that are told apart by the pipeline alone.
    static let names = ["pipeline_id"]

    private let pipelineId: String
    /// Of the series that are told apart by the pipeline alone.
    let own: Labels

    init(pipelineId: String) {
        self.pipelineId = pipelineId
        own = Self.labels(["pipeline_id": pipelineId])
    }

    func state(_ state: PipelineState) -> Labels {
        Self.labels(["pipeline_id": pipelineId, "state": state.rawValue])
    }

    func transition(from: PipelineState, to: PipelineState) -> Labels {
        Self.labels(["pipeline_id": pipelineId, "from_state": from.rawValue, "to_state": to.rawValue])
    }

    func error(code: String) -> Labels {
        Self.labels(["pipeline_id": pipelineId, "error_code": code])
    }

    /// Only names are ever refused, and these are not.
    private static func labels(_ pairs: KeyValuePairs<String, String>) -> Labels { (try? Labels(pairs)) ?? .none }
}
