import Pipelines
import Telemetry
import Testing

@Suite("States of pipelines")
struct StateTests {
    private let meter: PipelineMeter
    private let exported: ExportedSeries

    init() throws {
        meter = try PipelineMeter()
        exported = try ExportedSeries(of: meter)
    }

    private func state(_ state: PipelineState, of id: String = "p") -> Double? {
        exported.value("dataflow_pipeline_state", ["pipeline_id": id, "state": state.rawValue])
    }

    @Test("a pipeline is in the state that it came into last, and in no other", arguments: PipelineState.allCases)
    func current(state: PipelineState) {
        meter.recordStateTransition(pipelineId: "p", fromState: .empty, toState: .running)
        meter.recordStateTransition(pipelineId: "p", fromState: .running, toState: state)
        for other in PipelineState.allCases { #expect(self.state(other) == (other == state ? 1 : 0)) }
    }

    @Test("the totals count pipelines, whatever was said of where they came from")
    func totals() {
        let states: [(String, PipelineState)] = [
            ("a", .running), ("b", .running), ("c", .paused), ("d", .stopped), ("e", .failed), ("f", .configured),
            ("g", .failed), ("h", .failed),
        ]
        for (id, state) in states {
            // Told twice, and from a state in which it never was.
            meter.recordStateTransition(pipelineId: id, fromState: .paused, toState: state)
            meter.recordStateTransition(pipelineId: id, fromState: .paused, toState: state)
        }
        #expect(exported.value("dataflow_pipelines_running") == 2)
        #expect(exported.value("dataflow_pipelines_paused") == 1)
        #expect(exported.value("dataflow_pipelines_stopped") == 1)
        #expect(exported.value("dataflow_pipelines_failed") == 3)
    }

    @Test("each change is counted by where it came from and where it went")
    func transitions() {
        for _ in 0..<2 { meter.recordStateTransition(pipelineId: "p", fromState: .running, toState: .paused) }
        meter.recordStateTransition(pipelineId: "p", fromState: .paused, toState: .running)
        func count(_ from: String, _ to: String) -> Double? {
            exported.value(
                "dataflow_state_transitions_total",
                ["pipeline_id": "p", "from_state": from, "to_state": to]
            )
        }
        #expect(count("running", "paused") == 2)
        #expect(count("paused", "running") == 1)
        #expect(exported.lines("dataflow_state_transitions_total").count == 2)
    }

    @Test("a state that is only said counts no change")
    func said() {
        meter.setState(pipelineId: "p", to: .running)
        #expect(state(.running) == 1)
        #expect(exported.value("dataflow_pipelines_running") == 1)
        #expect(exported.lines("dataflow_state_transitions_total").isEmpty)
    }

    @Test("a pipeline whose state nobody has told is in none")
    func unknown() {
        meter.recordBatchTimeout(pipelineId: "p", batchId: "b")
        #expect(exported.lines("dataflow_pipeline_state").isEmpty)
    }

    @Test("a removed pipeline has no series, and is new when it comes back")
    func removal() {
        for id in ["p", "q"] {
            meter.recordStateTransition(pipelineId: id, fromState: .configured, toState: .running)
            meter.recordBatchFailed(pipelineId: id, errorCode: "E")
        }
        meter.remove(pipelineId: "p")
        meter.remove(pipelineId: "unknown")
        #expect(exported.count(of: "p") == 0)
        #expect(exported.count(of: "q") > 0)
        #expect(exported.value("dataflow_pipelines_running") == 1)
        meter.recordBatchTimeout(pipelineId: "p", batchId: "b")
        #expect(exported.value("dataflow_batches_timeouts_total", ["pipeline_id": "p"]) == 1)
        #expect(exported.value("dataflow_batches_failed_total", ["pipeline_id": "p", "error_code": "E"]) == nil)
    }
}
