import Testing

@testable import Pipelines

@Suite("Decisions")
struct DecisionTests {
    /// For each command by its name, the states in which it is possible and what the pipeline is then.
    private static let table: [String: [PipelineState: PipelineState]] = [
        "create": [.empty: .configured],
        "start": [.configured: .running, .paused: .running, .stopped: .running],
        "pause": [.running: .paused],
        "resume": [.paused: .running],
        "stop": [.running: .stopped, .paused: .stopped],
        "fail": [.running: .failed, .paused: .failed],
        "reset": [.failed: .configured],
        "delete": [.configured: .empty, .paused: .empty, .stopped: .empty, .failed: .empty],
        "reportBatch": [.running: .running],
        "reportBatchFailure": [.running: .running],
        "reportBatchTimeout": [.running: .running],
        "scheduleRetry": [.running: .running],
        "updateCheckpoint": [.running: .running],
    ]

    @Test("each command does in each state what the table says", arguments: PipelineState.allCases, everyCommand)
    func transitions(state: PipelineState, command: PipelineCommand) throws {
        let pipeline = Pipeline(in: state)
        try #require(pipeline.state == state)
        let expected = try #require(Self.table[command.name])[state]
        if let expected {
            #expect(try pipeline.applying(change: pipeline.decide(command)).state == expected)
        } else {
            #expect(throws: PipelineRejection.notPossible(command, in: state)) { try pipeline.decide(command) }
        }
    }

    @Test("every command is in the table")
    func complete() {
        #expect(Set(everyCommand.map(\.name)) == Set(Self.table.keys))
        #expect(everyCommand.count == Self.table.count)
    }

    @Test("a start after a pause goes on, any other begins")
    func start() throws {
        #expect(try Pipeline(in: .paused).decide(.start) == .resumed)
        #expect(try Pipeline(in: .paused).decide(.resume) == .resumed)
        #expect(try Pipeline(in: .configured).decide(.start) == .started)
        #expect(try Pipeline(in: .stopped).decide(.start) == .started)
    }

    private static let negativeNumbers: [(PipelineCommand, String)] = [
        (.reportBatch(batchId: "b", successCount: -1, failureCount: 0, processingTimeMs: 0), "successCount"),
        (.reportBatch(batchId: "b", successCount: 0, failureCount: -1, processingTimeMs: 0), "failureCount"),
        (.reportBatch(batchId: "b", successCount: 0, failureCount: 0, processingTimeMs: -1), "processingTimeMs"),
        (.scheduleRetry(errorCode: "E", retryCount: -1), "retryCount"), (.updateCheckpoint(offset: -1), "offset"),
    ]

    @Test("no count, duration or offset may be below zero", arguments: negativeNumbers)
    func negative(command: PipelineCommand, name: String) {
        #expect(throws: PipelineRejection.negative(name: name, value: -1)) {
            try Pipeline(in: .running).decide(command)
        }
    }

    @Test("a checkpoint may stay, and never goes back")
    func checkpoint() throws {
        let pipeline = Pipeline(in: .running).applying(change: .checkpointUpdated(offset: 5))
        #expect(try pipeline.decide(.updateCheckpoint(offset: 5)) == .checkpointUpdated(offset: 5))
        #expect(throws: PipelineRejection.checkpointBehind(offset: 4, current: 5)) {
            try pipeline.decide(.updateCheckpoint(offset: 4))
        }
    }

    private static let texts: [(PipelineRejection, String)] = [
        (
            .notPossible(.pause, in: .stopped),
            "pause is not possible while the pipeline is stopped: it has to be running"
        ),
        (
            .notPossible(.start, in: .failed),
            "start is not possible while the pipeline is failed: it has to be configured, stopped or paused"
        ),
        (.negative(name: "offset", value: -1), "offset is -1: give zero or more"),
        (
            .checkpointBehind(offset: 4, current: 5),
            "the checkpoint is at 5, and cannot go back to 4: give 5 or more"
        ),
        (.textTooLong(name: "batchId", bytes: 300, limit: 256), "batchId has 300 bytes: give at most 256"),
    ]

    @Test("a rejection says what to do", arguments: texts)
    func description(rejection: PipelineRejection, text: String) {
        #expect("\(rejection)" == text)
    }
}
