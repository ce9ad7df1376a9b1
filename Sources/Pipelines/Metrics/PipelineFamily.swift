import Telemetry

/// The families that a meter has, in the order in which they come out.
enum PipelineFamily: Int, Sendable, CaseIterable {
    case running
    case stopped
    case paused
    case failed
    case state
    case transitions
    case batchesProcessed
    case batchesFailed
    case batchTimeouts
    case batchTimes
    case recordsProcessed
    case recordsFailed
    case throughput
    case retries
    case checkpointUpdates
    case overflowed

    /// What is known of a family before anything is counted.
    struct Row: Sendable {
        let name: String
        let kind: MetricKind
        let help: String
        var unit: String?
    }

    var row: Row {
        switch self {
        case .running: gauge("pipelines_running", "Pipelines that are running.")
        case .stopped: gauge("pipelines_stopped", "Pipelines that are stopped.")
        case .paused: gauge("pipelines_paused", "Pipelines that are paused.")
        case .failed: gauge("pipelines_failed", "Pipelines that have failed.")
        case .state: gauge("pipeline_state", "1 for the state that the pipeline is in, 0 for the others.")
        case .transitions: counter("state_transitions_total", "Changes of a pipeline from one state to another.")
        case .batchesProcessed: counter("batches_processed_total", "Batches that were processed.")
        case .batchesFailed: counter("batches_failed_total", "Batches that have failed, by error code.")
        case .batchTimeouts: counter("batches_timeouts_total", "Batches that took too long.")
        case .batchTimes:
            Row(
                name: "dataflow_batch_processing_time_ms",
                kind: .histogram,
                help: "How long processed batches took, in milliseconds.",
                unit: "ms"
            )
        case .recordsProcessed: counter("records_processed_total", "Records that were processed successfully.")
        case .recordsFailed: counter("records_failed_total", "Records of processed batches that have failed.")
        case .throughput:
            gauge("records_throughput_per_second", "Records processed successfully per second, lately.")
        case .retries: counter("retries_scheduled_total", "Retries that were scheduled, by error code.")
        case .checkpointUpdates: counter("checkpoint_updates_total", "Checkpoints that were updated.")
        case .overflowed:
            counter("overflowed_total", "Recordings without a series of their own, by the limit that was met.")
        }
    }

    private func gauge(_ name: String, _ help: String) -> Row {
        Row(name: "dataflow_" + name, kind: .gauge, help: help)
    }

    private func counter(_ name: String, _ help: String) -> Row {
        Row(name: "dataflow_" + name, kind: .counter, help: help)
    }

    /// All of them, in their order.
    static func descriptors() throws(MetricsError) -> [MetricDescriptor] {
        var descriptors: [MetricDescriptor] = []
        for row in allCases.map(\.row) {
            descriptors.append(try MetricDescriptor(row.name, kind: row.kind, help: row.help, unit: row.unit))
        }
        return descriptors
    }
}
