// Arbitrary bytes as a report: nothing may trap, what is no JSON is no report, and what is taken keeps every rule.
//
// Compiled together with Reports of Hub, as one module, beside the modules that it needs.

import AsyncHTTP
import JSON

private let arrived: Int64 = 1_800_000_000_000
private let document = JSONFields([])
private let tight = {
    var limits = ReportLimits()
    (limits.metrics, limits.labels) = (3, 2)
    (limits.name, limits.word, limits.help, limits.labelValue) = (.bytes(12), .bytes(6), .bytes(8), .bytes(8))
    return limits
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let isJSON = (try? document.read(bytes)) != nil
    for limits in [ReportLimits(), tight] {
        do throws(ReportRefusal) {
            let decoded = try ReportDecoder(limits: limits).decode(bytes, arrived: arrived)
            require(isJSON, "what is no JSON is no report")
            check(decoded, limits)
        } catch {
            require(!error.description.isEmpty, "a refusal has a reason")
            if case .allRejected(_, let rejections) = error {
                require(!rejections.isEmpty && isJSON, "something was rejected")
            }
        }
    }
    return 0
}

private func check(_ decoded: DecodedReport, _ limits: ReportLimits) {
    let report = decoded.report
    let all = decoded.indices + decoded.rejections.map(\.index)
    require(all.sorted() == Array(all.indices), "every sample is taken or rejected, once")
    require(all.count <= limits.metrics, "there are not too many samples")
    require(isText(report.component.name, limits.name.bytes), "a component has a name")
    require(isText(report.component.type, limits.word.bytes), "a component has a type")
    require(report.component.runtimeID >= 0, "a number is positive")
    for metric in report.metrics {
        require(ReportedName.isMetricName(metric.name) && isText(metric.name, limits.name.bytes), "names are names")
        require(!ReportedName.isReserved(metric.name), "reserved names are refused")
        require(metric.time <= arrived + 300_000, "no clock is ahead")
        let names = metric.labels.map(\.name)
        require(names == Set(names).sorted() && names.count <= limits.labels, "labels are in order, and once")
        for label in metric.labels {
            require(ReportedName.isLabelName(label.name), "labels have names")
            require(label.value.isEmpty || isText(label.value, limits.labelValue.bytes), "values are texts")
        }
    }
    for rejection in decoded.rejections {
        require(!rejection.reason.description.isEmpty, "a rejection has a reason")
        require((rejection.metricName?.utf8.count ?? 0) <= limits.name.bytes, "a rejection is short")
    }
}

private func isText(_ text: String, _ limit: Int) -> Bool {
    !text.isEmpty && text.utf8.count <= limit && !text.utf8.contains(0)
}

private func require(_ condition: Bool, _ promise: String) {
    guard condition else { fatalError("broken: \(promise)") }
}
