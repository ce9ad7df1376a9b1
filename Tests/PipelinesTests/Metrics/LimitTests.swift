import Telemetry
import Testing

@testable import Pipelines

@Suite("Limits of a meter")
struct LimitTests {
    private let meter: PipelineMeter
    private let exported: ExportedSeries

    init() throws {
        var limits = PipelineMeterLimits()
        limits.pipelines = 3
        limits.errorCodes = 2
        limits.textBytes = 10
        meter = try PipelineMeter(limits: limits)
        exported = try ExportedSeries(of: meter)
    }

    private func overflowed(_ limit: String) -> Double? {
        exported.value("dataflow_overflowed_total", ["limit": limit])
    }

    private func timeouts(of id: String) -> Double? {
        exported.value("dataflow_batches_timeouts_total", ["pipeline_id": id])
    }

    @Test("pipelines over the limit share one set of series, and each of their recordings is counted")
    func pipelines() {
        for _ in 0..<2 {
            for number in 0..<10 { meter.recordBatchTimeout(pipelineId: "p\(number)", batchId: "b") }
        }
        for number in 0..<3 { #expect(timeouts(of: "p\(number)") == 2) }
        for number in 3..<10 { #expect(timeouts(of: "p\(number)") == nil) }
        #expect(timeouts(of: "overflow") == 14)
        #expect(overflowed("pipelines") == 14)
    }

    @Test("the states of pipelines over the limit are not counted: nobody knows which they are")
    func states() {
        for number in 0..<10 {
            meter.recordStateTransition(pipelineId: "p\(number)", fromState: .configured, toState: .running)
        }
        #expect(exported.value("dataflow_pipelines_running") == 3)
        #expect(exported.lines("dataflow_pipeline_state{pipeline_id=\"overflow\"").isEmpty)
        let transition = ["pipeline_id": "overflow", "from_state": "configured", "to_state": "running"]
        #expect(exported.value("dataflow_state_transitions_total", transition) == 7)
    }

    @Test("the place of a removed pipeline is free for the next")
    func removal() {
        for number in 0..<4 { meter.recordBatchTimeout(pipelineId: "p\(number)", batchId: "b") }
        meter.remove(pipelineId: "p0")
        meter.recordBatchTimeout(pipelineId: "p3", batchId: "b")
        #expect(timeouts(of: "p0") == nil)
        #expect(timeouts(of: "p3") == 1)
        #expect(timeouts(of: "overflow") == 1)
        meter.remove(pipelineId: "overflow")
        #expect(timeouts(of: "overflow") == 1)
        meter.recordBatchTimeout(pipelineId: "p4", batchId: "b")
        #expect(timeouts(of: "overflow") == 2)
    }

    @Test("a pipeline that is called overflow takes no place, and has the series of all that are over")
    func name() {
        meter.recordBatchTimeout(pipelineId: "overflow", batchId: "b")
        for number in 0..<4 { meter.recordBatchTimeout(pipelineId: "p\(number)", batchId: "b") }
        for number in 0..<3 { #expect(timeouts(of: "p\(number)") == 1) }
        #expect(timeouts(of: "overflow") == 2)
        #expect(overflowed("pipelines") == 2)
    }

    @Test("error codes over the limit of a pipeline share one")
    func errorCodes() {
        for code in ["A", "B", "C", "D", "overflow", "A"] { meter.recordBatchFailed(pipelineId: "p", errorCode: code) }
        meter.recordRetryScheduled(pipelineId: "p", errorCode: "E", retryCount: 1)
        meter.recordBatchFailed(pipelineId: "q", errorCode: "C")
        #expect(
            exported.lines("dataflow_batches_failed_total") == [
                "dataflow_batches_failed_total{error_code=\"A\",pipeline_id=\"p\"} 2",
                "dataflow_batches_failed_total{error_code=\"B\",pipeline_id=\"p\"} 1",
                "dataflow_batches_failed_total{error_code=\"overflow\",pipeline_id=\"p\"} 3",
                "dataflow_batches_failed_total{error_code=\"C\",pipeline_id=\"q\"} 1",
            ]
        )
        #expect(
            exported.lines("dataflow_retries_scheduled_total") == [
                "dataflow_retries_scheduled_total{error_code=\"overflow\",pipeline_id=\"p\"} 1"
            ]
        )
        #expect(overflowed("error_codes") == 4)
    }

    @Test("what no series has a place for is still counted")
    func none() throws {
        var limits = PipelineMeterLimits()
        limits.pipelines = 0
        limits.errorCodes = -1
        let meter = try PipelineMeter(limits: limits)
        let exported = try ExportedSeries(of: meter)
        meter.recordBatchFailed(pipelineId: "p", errorCode: "E")
        let labels = ["pipeline_id": "overflow", "error_code": "overflow"]
        #expect(exported.value("dataflow_batches_failed_total", labels) == 1)
    }

    @Test("long texts are cut, and counted")
    func texts() {
        meter.recordBatchFailed(pipelineId: "0123456789abc", errorCode: "ABCDEFGHIJKLM")
        meter.recordBatchFailed(pipelineId: "0123456789xyz", errorCode: "ABCDEFGHIJ")
        let labels = ["pipeline_id": "0123456789", "error_code": "ABCDEFGHIJ"]
        #expect(exported.value("dataflow_batches_failed_total", labels) == 2)
        #expect(overflowed("text_bytes") == 3)
        meter.remove(pipelineId: "0123456789 and more")
        #expect(exported.count(of: "0123456789") == 0)
        #expect(overflowed("text_bytes") == 3)
    }

    private static let cuts: [(String, Int, String)] = [
        ("abc", 3, "abc"), ("abc", 2, "ab"), ("abc", 0, ""), ("äöü", 4, "äö"), ("äöü", 3, "ä"), ("😀😀", 7, "😀"),
        ("e\u{301}", 1, "e"), ("", 0, ""),
    ]

    @Test("no code point is cut in two", arguments: cuts)
    func cut(text: String, limit: Int, expected: String) {
        #expect(text.cut(toBytes: limit) == expected)
    }

    @Test("the defaults are a thousand pipelines, fifty codes, 128 bytes and ten seconds")
    func defaults() {
        let limits = PipelineMeterLimits()
        #expect(limits.pipelines == 1000)
        #expect(limits.errorCodes == 50)
        #expect(limits.textBytes == 128)
        #expect(limits.throughputWindow == .seconds(10))
    }
}
