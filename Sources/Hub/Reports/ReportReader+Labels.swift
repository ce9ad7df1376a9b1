import AsyncHTTP
import JSON

extension ReportReader {
    /// Takes the labels of a sample; of a repeated key the last counts. Numbers and truth values are taken as they are written.
    mutating func readLabels(of draft: inout SampleDraft) throws(JSONError) {
        draft.labels = []
        guard scanner.peek() == UInt8(ascii: "{") else {
            if scanner.peek() != UInt8(ascii: "n") {
                draft.note(.shape(SampleKey.labels.rawValue, expected: "an object"))
            }
            return try scanner.skipValue()
        }
        _ = scanner.take(UInt8(ascii: "{"))
        if scanner.take(UInt8(ascii: "}")) { return }
        var count = 0
        repeat {
            count += 1
            if count <= limits.labels {
                try readLabel(of: &draft)
            } else {
                draft.note(.tooManyLabels(limit: limits.labels))
                _ = try scanner.keyPlace()
                try scanner.skipValue()
            }
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
        sortLabels(of: &draft)
    }

    private mutating func readLabel(of draft: inout SampleDraft) throws(JSONError) {
        let place = try scanner.keyPlace()
        let name = text(at: place, "a label's name", limits.name)
        let value = try readLabelValue()
        switch (name, value) {
        case (.failure(let reason), _), (_, .failure(let reason)): draft.note(reason)
        case (.success(let name), .success(let value)):
            guard ReportedName.isLabelName(name) else { return draft.note(.labelName(name)) }
            if let value { draft.labels.append(ReportedLabel(name: name, value: value)) }
        }
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

    private func sortLabels(of draft: inout SampleDraft) {
        guard draft.labels.count > 1 else { return }
        // Names are of ASCII: the order of strings is that of their bytes.
        draft.labels.sort { $0.name < $1.name }
        for (label, next) in zip(draft.labels, draft.labels.dropFirst()) where label.name == next.name {
            draft.note(.repeatedLabel(label.name))
        }
    }
}
