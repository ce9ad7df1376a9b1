import AsyncHTTP
import Telemetry

/// Goes along the line of a held series to see whether it is that of a sample, so that nothing is put together for most samples.
struct LineCheck {
    private let line: [UInt8]
    private var index = 0
    /// Where the labels begin.
    private var start = 0

    private init(_ line: [UInt8]) {
        self.line = line
    }

    /// Whether the line is what `SeriesKey` makes of these. It may say no where that makes exceptions: when labels clash or are
    /// escaped.
    static func holds(
        _ line: [UInt8],
        _ name: String,
        _ labels: [ReportedLabel],
        beside own: [ReportedLabel]
    ) -> Bool {
        var check = LineCheck(line)
        guard check.take(name), check.take(UInt8(ascii: "{")) else { return false }
        check.start = check.index
        var other = 0
        for label in own {
            // Names are of ASCII and in order.
            while other < labels.count, labels[other].name < label.name {
                guard check.take(labels[other]) else { return false }
                other += 1
            }
            guard check.take(label) else { return false }
            if other < labels.count, labels[other].name == label.name {
                guard labels[other].value.isSameText(as: label.value) else { return false }
                other += 1
            }
        }
        while other < labels.count {
            guard check.take(labels[other]) else { return false }
            other += 1
        }
        return check.take(UInt8(ascii: "}")) && check.take(UInt8(ascii: " ")) && check.index == line.count
    }

    /// Whether the line begins with a name, and goes on as another line does after its name: the labels are the same.
    static func holds(_ line: [UInt8], _ name: String, asIn other: [UInt8], after otherName: String) -> Bool {
        let (length, otherLength) = (name.utf8.count, otherName.utf8.count)
        guard length <= line.count, otherLength <= other.count else { return false }
        return line.span.extracting(length..<line.count).equals(other.span.extracting(otherLength..<other.count))
            && line.span.extracting(0..<length).equals(name.utf8.span)
    }

    private mutating func take(_ label: ReportedLabel) -> Bool {
        if label.value.isEmpty { return true }
        if index > start, !take(UInt8(ascii: ",")) { return false }
        return take(label.name) && take(UInt8(ascii: "=")) && take(UInt8(ascii: "\"")) && !label.value.isToBeEscaped
            && take(label.value) && take(UInt8(ascii: "\""))
    }

    private mutating func take(_ text: String) -> Bool {
        let text = text.utf8.span
        guard text.count <= line.count &- index, line.span.extracting(index..<index &+ text.count).equals(text) else {
            return false
        }
        index &+= text.count
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < line.count, line[index] == byte else { return false }
        index &+= 1
        return true
    }
}
