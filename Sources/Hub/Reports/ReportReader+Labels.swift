import AsyncHTTP
import JSON

extension ReportReader {
    /// Room is made for so many at once.
    private static let usualLabels = 4

    /// Takes the labels of a sample; of a repeated key the last counts. Numbers and truth values are taken as they are written.
    mutating func readLabels(of draft: inout SampleDraft) throws(JSONError) {
        if let labels = again(seen.labels) { return draft.set(labels) }
        draft.set([])
        guard scanner.peek() == UInt8(ascii: "{") else {
            if scanner.peek() != UInt8(ascii: "n") {
                draft.note(.shape(SampleKey.labels.rawValue, expected: "an object"))
            }
            return try scanner.skipValue()
        }
        let start = scanner.index
        _ = scanner.take(UInt8(ascii: "{"))
        if scanner.take(UInt8(ascii: "}")) { return }
        var labels: [ReportedLabel] = []
        labels.reserveCapacity(Self.usualLabels)
        var count = 0
        repeat {
            if count < limits.labels {
                if let label = try readLabel(at: count, of: &draft) { labels.append(label) }
            } else {
                draft.note(.tooManyLabels(limit: limits.labels))
                _ = try scanner.keyPlace()
                try scanner.skipValue()
            }
            count += 1
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
        Self.sort(&labels, of: &draft)
        draft.set(labels)
        if draft.problem == nil { seen.labels = SeenSamples.Seen(range: start..<scanner.index, value: labels) }
    }

    /// - Parameter place: how many there were before it.
    private mutating func readLabel(
        at place: Int,
        of draft: inout SampleDraft
    ) throws(JSONError) -> ReportedLabel? {
        if let label = again(seen.singleLabels[place]) { return label }
        let start = tokenStart
        let name = text(at: try scanner.keyPlace(), "a label's name", limits.name)
        let isText = scanner.peek() == UInt8(ascii: "\"")
        let value = try readLabelValue()
        switch (name, value) {
        case (.failure(let reason), _), (_, .failure(let reason)): draft.note(reason)
        case (.success(let name), .success(let value)):
            if !ReportedName.isLabelName(name) {
                draft.note(.labelName(name))
            } else if let value {
                let label = ReportedLabel(name: name, value: value)
                if isText { seen.singleLabels.note(label, start..<scanner.index, at: place) }
                return label
            }
        }
        return nil
    }

    private mutating func readLabelValue() throws(JSONError) -> Result<String?, RejectionReason> {
        switch scanner.peek() {
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            return .success(try scanner.scalar() == .boolean(true) ? "true" : "false")
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            let text = try scanner.number().text
            guard !text.isEmpty, text.utf8.count <= limits.labelValue.bytes else {
                return .failure(.tooLong("a label's value", limit: limits.labelValue.bytes))
            }
            return .success(text)
        default: return try readText("a label's value", limits.labelValue)
        }
    }

    private static func sort(_ labels: inout [ReportedLabel], of draft: inout SampleDraft) {
        guard !areSorted(labels) else { return }
        // Names are of ASCII: the order of strings is that of their bytes.
        labels.sort { $0.name < $1.name }
        for (label, next) in zip(labels, labels.dropFirst()) where label.name == next.name {
            draft.note(.repeatedLabel(label.name))
        }
    }

    /// Whether they are in order, and each is there once.
    private static func areSorted(_ labels: [ReportedLabel]) -> Bool {
        for index in labels.indices.dropFirst() where labels[index - 1].name >= labels[index].name { return false }
        return true
    }
}
