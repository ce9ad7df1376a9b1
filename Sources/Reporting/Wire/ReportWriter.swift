import AsyncHTTP
import JSON
import Telemetry

/// Writes samples as the bodies of reports, as many as it takes for each to be one that a hub accepts.
struct ReportWriter: ~Copyable {
    private let beginning: [UInt8]
    private let fixed: [(name: String, encoded: [UInt8])]
    private let limits: ReportingLimits
    private let identifiers: ReportIdentifiers

    private var bodies: [ReportBody] = []
    private var identifier = ""
    private var bytes: [UInt8] = []
    private var samples = 0
    /// The sample that is being written.
    private var draft: [UInt8] = []
    /// Samples that are longer than a report may be.
    private(set) var oversized = 0

    private static let end = Array("]}".utf8)

    init(_ configuration: ReportConfiguration, _ identifiers: ReportIdentifiers) {
        beginning = Self.beginning(configuration)
        fixed = configuration.labels.pairs.map { label in
            var encoded: [UInt8] = []
            encoded.append(label)
            return (label.name, encoded)
        }
        limits = configuration.limits
        self.identifiers = identifiers
        begin()
    }

    private static func beginning(_ configuration: ReportConfiguration) -> [UInt8] {
        var bytes = Array(#"{"component_name":"#.utf8)
        JSONText.append(quoted: configuration.name, to: &bytes)
        bytes += #","component_type":"#.utf8
        JSONText.append(quoted: configuration.type, to: &bytes)
        if let instance = configuration.instance {
            bytes += #","instance":"#.utf8
            JSONText.append(quoted: instance, to: &bytes)
        }
        if let ttl = configuration.ttl {
            bytes += #","ttl_seconds":"#.utf8
            bytes.append(secondsOf: ttl)
        }
        return bytes + #","report_id":""#.utf8
    }

    private mutating func begin() {
        identifier = identifiers.next()
        bytes = beginning
        bytes += identifier.utf8
        bytes += #"","metrics":["#.utf8
        samples = 0
    }

    private mutating func end() {
        bodies.append(ReportBody(identifier: identifier, bytes: bytes + Self.end, samples: samples))
    }

    /// Every report, the last of which may have no samples if there was none at all: a sign of life.
    consuming func finish() -> [ReportBody] {
        if samples > 0 || bodies.isEmpty { end() }
        return bodies
    }

    mutating func append(_ sample: ReportedSample) {
        write(sample)
        let longest = limits.report.bytes
        if samples > 0, samples >= limits.samplesPerReport || bytes.count + draft.count + 1 + Self.end.count > longest {
            end()
            begin()
        }
        guard bytes.count + draft.count + Self.end.count <= longest else {
            oversized += 1
            return
        }
        if samples > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += draft
        samples += 1
    }

    private mutating func write(_ sample: ReportedSample) {
        draft.removeAll(keepingCapacity: true)
        draft += #"{"metric_name":"#.utf8
        JSONText.append(quoted: sample.name, to: &draft)
        draft += sample.kind == .counter ? #","metric_type":"counter""#.utf8 : #","metric_type":"gauge""#.utf8
        draft += #","metric_value":"#.utf8
        append(sample.value)
        if let time = sample.time {
            draft += #","timestamp":"#.utf8
            draft.append(secondsOf: time)
        }
        append(labels: sample.allLabels)
        if let help = sample.help {
            draft += #","help_text":"#.utf8
            JSONText.append(quoted: help, to: &draft)
        }
        if let unit = sample.unit {
            draft += #","unit":"#.utf8
            JSONText.append(quoted: unit, to: &draft)
        }
        draft.append(UInt8(ascii: "}"))
    }

    /// JSON has no numbers that are not finite: these are texts.
    private mutating func append(_ value: Double) {
        if value.isFinite { return draft.append(number: value, in: .text) }
        draft.append(UInt8(ascii: "\""))
        draft.append(number: value, in: .text)
        draft.append(UInt8(ascii: "\""))
    }

    private mutating func append(labels pairs: [Labels.Label]) {
        guard !pairs.isEmpty || !fixed.isEmpty else { return }
        draft += #","labels":{"#.utf8
        var isFirst = true
        for (name, encoded) in fixed where !pairs.contains(where: { $0.name == name }) {
            if !isFirst { draft.append(UInt8(ascii: ",")) }
            draft += encoded
            isFirst = false
        }
        for label in pairs {
            if !isFirst { draft.append(UInt8(ascii: ",")) }
            draft.append(label)
            isFirst = false
        }
        draft.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ label: Labels.Label) {
        JSONText.append(quoted: label.name, to: &self)
        append(UInt8(ascii: ":"))
        JSONText.append(quoted: label.value, to: &self)
    }

    /// Seconds, to the millisecond.
    fileprivate mutating func append(secondsOf duration: Duration) {
        let milliseconds = duration.clampedMilliseconds
        if milliseconds < 0 { append(UInt8(ascii: "-")) }
        let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        append(number: Double(seconds), in: .text)
        guard rest > 0 else { return }
        append(UInt8(ascii: "."))
        if rest < 100 { append(UInt8(ascii: "0")) }
        if rest < 10 { append(UInt8(ascii: "0")) }
        append(number: Double(rest), in: .text)
    }
}
