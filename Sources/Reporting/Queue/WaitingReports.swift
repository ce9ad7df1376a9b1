import AsyncHTTP

/// The reports that wait, oldest first, with the one under way; and what they take.
struct WaitingReports: Sendable {
    private var waiting: [WaitingReport] = []
    /// It stays until it is done with: nothing drops it meanwhile.
    private(set) var underWay: WaitingReport?
    private var readings = 0
    private var readingSize = 0
    /// Of reports of events.
    private(set) var eventSamples = 0
    /// Of reports of events.
    private(set) var eventSize = 0

    var count: Int { waiting.count + (underWay == nil ? 0 : 1) }
    var isEmpty: Bool { count == 0 }
    var size: Int { readingSize + eventSize }

    mutating func append(events body: ReportBody) {
        append(WaitingReport(body: body, origin: .events))
    }

    /// - Returns: how many reports of readings, this one included, were dropped for want of room.
    mutating func append(reading body: ReportBody, _ limits: ReportingLimits) -> Int {
        let report = WaitingReport(body: body, origin: .reading)
        var dropped = 0
        while readings >= limits.readingReports || readingSize + report.size > limits.readings.bytes {
            dropped += 1
            guard let oldest = waiting.firstIndex(where: { $0.origin == .reading }) else { return dropped }
            account(for: waiting.remove(at: oldest), -1)
        }
        append(report)
        return dropped
    }

    /// The report that is to be sent.
    mutating func start() -> WaitingReport? {
        if underWay == nil, !waiting.isEmpty { underWay = waiting.removeFirst() }
        return underWay
    }

    /// The report under way is done with.
    mutating func finish() {
        if let underWay { account(for: underWay, -1) }
        underWay = nil
    }

    private mutating func append(_ report: WaitingReport) {
        waiting.append(report)
        account(for: report, 1)
    }

    private mutating func account(for report: WaitingReport, _ sign: Int) {
        switch report.origin {
        case .reading:
            readings += sign
            readingSize += sign * report.size
        case .events:
            eventSamples += sign * report.body.samples
            eventSize += sign * report.size
        }
    }
}
