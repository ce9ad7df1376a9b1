import AsyncHTTP
import JSON

/// Goes through the body of one report once, from its beginning to its end.
struct ReportReader {
    let body: [UInt8]
    let limits: ReportLimits
    let arrived: Int64
    /// A time after this one is that of a clock that is wrong.
    let latest: Int64
    var scanner: JSONScanner
    var seen = SeenSamples()

    /// Room is made for so many at once.
    private static let usualSamples = 8
    private static let keys = ReportKeys<ReportKey>()

    private var name: String?
    private var type: String?
    private var instance: String?
    private var reportID: String?
    private var ttl: Duration?
    private var isMetricsThere = false
    private var metrics: [ReportedMetric] = []
    /// Where the accepted samples stood; nil as long as all are accepted.
    private var indices: [Int]?
    private var rejections: [Rejection] = []
    /// What is wrong with the whole, though it is JSON.
    private var refusal: ReportRefusal?

    init(_ body: [UInt8], _ limits: ReportLimits, arrived: Int64) {
        self.body = body
        self.limits = limits
        self.arrived = arrived
        latest = arrived.advanced(by: limits.ahead)
        scanner = JSONScanner(body)
    }

    mutating func report() throws(ReportRefusal) -> DecodedReport {
        do throws(JSONError) {
            try readObject()
        } catch {
            throw .malformed("not a report: \(error)")
        }
        if let refusal { throw refusal }
        guard let name else { throw .malformed("component_name is missing") }
        guard let type else { throw .malformed("component_type is missing") }
        guard isMetricsThere else { throw .malformed("metrics is missing") }
        let component = Component(type: type, name: name, instance: instance)
        if metrics.isEmpty, !rejections.isEmpty { throw .allRejected(component, rejections) }
        let report = Report(component: component, reportID: reportID, ttl: ttl, metrics: metrics, arrived: arrived)
        return DecodedReport(report, indices: indices, rejections: rejections)
    }

    private mutating func readObject() throws(JSONError) {
        try scanner.expect(UInt8(ascii: "{"), "a JSON object was expected")
        if !scanner.take(UInt8(ascii: "}")) {
            repeat {
                let key = try scanner.keyPlace()
                try readField(Self.keys.key(at: key, in: body, of: scanner))
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
        }
        if scanner.peek() != nil { throw scanner.error("something follows the document") }
    }

    /// What has another key is read over, a `runtime_id` too: who reports is said by the texts, and a worker may have its number
    /// from the hub's predecessor.
    private mutating func readField(_ key: ReportKey?) throws(JSONError) {
        switch key {
        case .name: name = try word(.name, limits.name)
        case .type: type = try word(.type, limits.word)
        case .instance: instance = try word(.instance, limits.name)
        case .reportID: reportID = try readReportID()
        case .ttl: ttl = try readTTL()
        case .metrics: try readMetrics()
        case nil: try scanner.skipValue()
        }
    }

    /// Null and an empty text are as good as nothing.
    private mutating func word(_ key: ReportKey, _ limit: ByteCount) throws(JSONError) -> String? {
        switch try readText(key.rawValue, limit) {
        case .success(let text): return text?.isEmpty == true ? nil : text
        case .failure(let reason):
            refuse(.malformed(reason.description))
            return nil
        }
    }

    private mutating func readReportID() throws(JSONError) -> String? {
        switch scanner.peek() {
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            let text = try scanner.number().text
            guard text.isEmpty || text.utf8.count > limits.name.bytes else { return text }
            refuse(.malformed(RejectionReason.tooLong("report_id", limit: limits.name.bytes).description))
            return nil
        default: return try word(.reportID, limits.name)
        }
    }

    private mutating func readTTL() throws(JSONError) -> Duration? {
        let (shortest, longest) = (limits.ttl.lowerBound / .seconds(1), limits.ttl.upperBound / .seconds(1))
        switch scanner.peek() {
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            let seconds = try scanner.numberValue()
            if (shortest...longest).contains(seconds) { return .milliseconds(Int64(seconds * 1000)) }
        case UInt8(ascii: "n"):
            _ = try scanner.scalar()
            return nil
        default: try scanner.skipValue()
        }
        refuse(.malformed("ttl_seconds is not a number between \(Int(shortest)) and \(Int(longest))"))
        return nil
    }

    /// Of a repeated key the last counts.
    private mutating func readMetrics() throws(JSONError) {
        isMetricsThere = true
        (metrics, indices, rejections) = ([], nil, [])
        guard scanner.peek() == UInt8(ascii: "[") else {
            refuse(.malformed("metrics is not an array"))
            return try scanner.skipValue()
        }
        _ = scanner.take(UInt8(ascii: "["))
        if scanner.take(UInt8(ascii: "]")) { return }
        var (index, draft) = (0, SampleDraft())
        repeat {
            if index < limits.metrics {
                try readSample(at: index, &draft)
            } else {
                refuse(.tooLarge(.metrics(limits.metrics)))
                try scanner.skipValue()
            }
            index += 1
            // Who sends two samples usually sends some.
            if metrics.count == 1 { metrics.reserveCapacity(Self.usualSamples) }
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"), "a comma or ] was expected")
    }

    /// The first reason stands.
    private mutating func refuse(_ reason: ReportRefusal) {
        if refusal == nil { refusal = reason }
    }

    private mutating func readSample(at index: Int, _ draft: inout SampleDraft) throws(JSONError) {
        draft.begin(arrived: arrived)
        try read(&draft)
        guard let reason = draft.reason else {
            metrics.append(draft.metric)
            indices?.append(index)
            return
        }
        if indices == nil { indices = Array(metrics.indices) }
        let name = draft.name?.cut(toBytes: limits.name.bytes)
        rejections.append(Rejection(index: index, metricName: name, reason: reason))
    }
}
