/// Families that are switched on or off together: what Kamon calls a module.
enum MetricsGroup: String, Sendable, Hashable, CaseIterable {
    case pipelines
    case tasks
    case mailbox
    case process

    /// What the status page says of it.
    var purpose: String {
        switch self {
        case .pipelines: "states, batches, records, retries and checkpoints of pipelines"
        case .tasks: "tasks finished and failed, how long they take, and requests"
        case .mailbox: "batches that wait, and that are under way"
        case .process: "processor, memory and threads of this process"
        }
    }
}
