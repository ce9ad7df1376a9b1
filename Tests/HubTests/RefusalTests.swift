import AsyncHTTP
import Testing

@testable import Hub

@Suite("Refusing reports")
struct RefusalTests {
    private func refusal(_ body: String, limits: ReportLimits = ReportLimits()) -> String? {
        do {
            _ = try ReportDecoder(limits: limits).decode(Array(body.utf8), arrived: arrival)
            return nil
        } catch {
            switch error {
            case .malformed(let reason): return "400 \(reason)"
            case .tooLarge(let cap):
                switch cap {
                case .body: return "413 body"
                case .metrics: return "413 metrics"
                }
            case .allRejected(_, let rejections): return "422 \(rejections.count)"
            case .noPlace(_, let cap): return "422 \(cap.code.rawValue)"
            }
        }
    }

    @Test(
        "what is wrong with the whole is said",
        arguments: [
            ("", "400 not a report: a JSON object was expected at byte 0"),
            ("[]", "400 not a report: a JSON object was expected at byte 0"),
            ("{}", "400 component_name is missing"),
            (#"{"component_name":"w"}"#, "400 component_type is missing"),
            (#"{"component_name":"w","component_type":"t"}"#, "400 metrics is missing"),
            (#"{"component_name":"w","component_type":"t","metrics":{}}"#, "400 metrics is not an array"),
            (#"{"component_name":"","component_type":"t","metrics":[]}"#, "400 component_name is missing"),
            (#"{"component_name":7,"component_type":"t","metrics":[]}"#, "400 component_name is not a text"),
            (#"{"component_name":"\u0000","component_type":"t","metrics":[]}"#, "400 component_name contains U+0000"),
            (
                #"{"component_name":"\udc00","component_type":"t","metrics":[]}"#,
                "400 component_name is not valid UTF-8"
            ),
            (report(metric()) + "x", "400 not a report: something follows the document at byte 174"),
            (report(#"{"metric_value":NaN}"#), "400 not a report: a value was expected at byte 70"),
            (report("1,"), "400 not a report: a value was expected at byte 56"),
            (report(#"{"metric_name":"a"},{"metric_name":5}"#), "422 2"),
        ]
    )
    func malformed(body: String, reason: String) {
        #expect(refusal(body) == reason)
    }

    @Test(
        "fields beside the samples have limits",
        arguments: [
            (#""ttl_seconds":0"#, "ttl_seconds is not a number between 1 and 86400"),
            (#""ttl_seconds":86400.001"#, "ttl_seconds is not a number between 1 and 86400"),
            (#""ttl_seconds":1e400"#, "ttl_seconds is not a number between 1 and 86400"),
            (#""ttl_seconds":"60""#, "ttl_seconds is not a number between 1 and 86400"),
            (#""report_id":"\#(String(repeating: "r", count: 256))""#, "report_id is longer than 255 bytes"),
            (#""report_id":\#(String(repeating: "1", count: 256))"#, "report_id is longer than 255 bytes"),
            (#""report_id":[1]"#, "report_id is not a text"),
            (#""instance":"\#(String(repeating: "i", count: 256))""#, "instance is longer than 255 bytes"),
            (#""component_type":"\#(String(repeating: "t", count: 51))""#, "component_type is longer than 50 bytes"),
        ]
    )
    func fields(field: String, reason: String) {
        let body = report(metric(), #""component_name":"w","component_type":"t",\#(field)"#)
        #expect(refusal(body) == "400 \(reason)")
    }

    @Test("fields beside the samples are read, and what is not known is not looked at")
    func knownFields() throws {
        let fields = #"""
            "component_name":"w","component_type":"t","instance":"i","report_id":"r-1","ttl_seconds":1.5,
            "runtime_id":"anything","extra":{"deep":[[[{"a":null}]]]}
            """#
        let decoded = try ReportDecoder().decode(Array(report(metric(), fields).utf8), arrived: arrival)
        #expect(decoded.report.component == Component(type: "t", name: "w", instance: "i"))
        #expect(decoded.report.reportID == "r-1")
        #expect(decoded.report.ttl == .milliseconds(1500))
        let plain = #""component_name":"w","component_type":"t","instance":"","report_id":7,"ttl_seconds":null"#
        let other = try ReportDecoder().decode(Array(report(metric(), plain).utf8), arrived: arrival)
        #expect(other.report.component == Component(type: "t", name: "w"))
        #expect(other.report.reportID == "7")
        #expect(other.report.ttl == nil)
    }

    @Test("a report without samples is a sign of life")
    func noSamples() throws {
        #expect(try decoded().report.metrics.isEmpty)
    }

    @Test("a report that is too large says which limit it met")
    func large() {
        var limits = ReportLimits()
        limits.metrics = 2
        #expect(refusal(report("\(metric()),\(metric())"), limits: limits) == nil)
        #expect(refusal(report("\(metric()),\(metric()),1"), limits: limits) == "413 metrics")
        limits.body = .bytes(report(metric()).utf8.count)
        #expect(refusal(report(metric()), limits: limits) == nil)
        #expect(refusal(report(metric()) + " ", limits: limits) == "413 body")
    }

    @Test("more labels than there may be cost the sample only")
    func manyLabels() throws {
        let labels = (0..<65).map { #""l\#($0)":"\#($0)""# }
        #expect(try decoded(metric(labels: "{\(labels.dropLast().joined(separator: ","))}")).rejections.isEmpty)
        let reasons = try decoded(metric(), metric(labels: "{\(labels.joined(separator: ","))}")).rejections.map(
            \.reason
        )
        #expect(reasons == [.tooManyLabels(limit: 64)])
    }

    @Test("every beginning of a report is refused, and none stops the program")
    func beginnings() throws {
        let sample = metric(time: #""2024-01-01T12:00:00Z""#, labels: #"{"a":"\ud83d\ude00","b":1}"#, help: #""h""#)
        let body = Array(report("\(sample),\(sample)").utf8)
        _ = try ReportDecoder().decode(body, arrived: arrival)
        for end in 0..<body.count {
            #expect(throws: ReportRefusal.self) {
                try ReportDecoder().decode(Array(body[..<end]), arrived: arrival)
            }
        }
    }
}
