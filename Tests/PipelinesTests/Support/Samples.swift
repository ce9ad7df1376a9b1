import Pipelines
import TestExposition

/// When everything in a test happens that does not say when.
let moment = Duration.seconds(1_800_000_000)

/// One command of each kind, which only a state can make impossible.
let everyCommand: [PipelineCommand] = [
    .create, .start, .pause, .resume, .stop, .fail(errorCode: "DISK_FULL"), .reset, .delete,
    .reportBatch(batchId: "batch-1", successCount: 10, failureCount: 2, processingTimeMs: 30),
    .reportBatchFailure(batchId: "batch-2", errorCode: "DISK_FULL"), .reportBatchTimeout(batchId: "batch-3"),
    .scheduleRetry(errorCode: "DISK_FULL", retryCount: 2), .updateCheckpoint(offset: 7),
]

extension Pipeline {
    /// One that has come into a state by the shortest way.
    init(in state: PipelineState) {
        let ways: [PipelineState: [PipelineChange]] = [
            .configured: [.created], .running: [.created, .started], .paused: [.created, .started, .paused],
            .stopped: [.created, .started, .stopped],
            .failed: [.created, .started, .failed(errorCode: "DISK_FULL")],
        ]
        self = (ways[state] ?? []).reduce(Pipeline(id: "p")) { $0.applying(change: $1) }
    }

    /// This pipeline after one more event, whose number is the next.
    func applying(change: PipelineChange, at time: Duration = moment) -> Pipeline {
        applying(PipelineEvent(pipelineId: id, number: version + 1, time: time, change: change))
    }
}

extension SeededGenerator {
    /// Any command, with small numbers, some of them impossible.
    mutating func command() -> PipelineCommand {
        let number = Int.random(in: -1...20, using: &self)
        return switch Int.random(in: 0..<20, using: &self) {
        case 0...1: .create
        case 2...4: .start
        case 5: .pause
        case 6: .resume
        case 7: .stop
        case 8: .fail(errorCode: "E\(number)")
        case 9...10: .reset
        case 11: .delete
        case 12...14:
            .reportBatch(batchId: "\(number)", successCount: number, failureCount: 1, processingTimeMs: 7)
        case 15: .reportBatchFailure(batchId: "\(number)", errorCode: "E")
        case 16: .reportBatchTimeout(batchId: "\(number)")
        case 17: .scheduleRetry(errorCode: "E", retryCount: number)
        default: .updateCheckpoint(offset: number)
        }
    }
}
