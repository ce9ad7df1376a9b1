import JSON

extension ReportReader {
    private static let keys = ReportKeys<SampleKey>()

    /// Takes one element of `metrics`, whatever it is. Only what is no JSON stops the whole.
    mutating func read(_ draft: inout SampleDraft) throws(JSONError) {
        guard scanner.peek() == UInt8(ascii: "{") else {
            draft.note(.notAnObject)
            return try scanner.skipValue()
        }
        _ = scanner.take(UInt8(ascii: "{"))
        if scanner.take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try scanner.keyPlace()
            try read(Self.keys.key(at: key, in: body, of: scanner), of: &draft)
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
    }

    private mutating func read(_ key: SampleKey?, of draft: inout SampleDraft) throws(JSONError) {
        switch key {
        case .name: try readName(of: &draft)
        case .kind: try readKind(of: &draft)
        case .value: try readValue(of: &draft)
        case .time: try readTime(of: &draft)
        case .labels: try readLabels(of: &draft)
        case .help:
            switch try readText(SampleKey.help.rawValue, limits.help) {
            case .success(let help): draft.help = help
            case .failure(let reason): draft.note(reason)
            }
        case .unit:
            switch try readText(SampleKey.unit.rawValue, limits.word) {
            case .success(let unit): draft.unit = unit
            case .failure(let reason): draft.note(reason)
            }
        case nil: try scanner.skipValue()
        }
    }

    private mutating func readName(of draft: inout SampleDraft) throws(JSONError) {
        switch try readText(SampleKey.name.rawValue, limits.name) {
        case .success(let name?):
            draft.name = name
            if !ReportedName.isMetricName(name) {
                draft.note(.metricName)
            } else if ReportedName.isReserved(name) {
                draft.note(.reservedName)
            }
        case .success(nil): draft.name = nil
        case .failure(let reason): draft.note(reason)
        }
    }

    /// In capitals or not: it is a word, and each has one meaning.
    private mutating func readKind(of draft: inout SampleDraft) throws(JSONError) {
        guard scanner.peek() == UInt8(ascii: "\"") else {
            draft.note(.kind)
            return try scanner.skipValue()
        }
        let place = try scanner.place()
        guard !place.hasEscapes, let kind = ReportedKind(body[place.range]) else { return draft.note(.kind) }
        draft.kind = kind
    }

    /// JSON has no numbers that are not finite: `"NaN"`, `"+Inf"` and `"-Inf"` are texts, as Prometheus spells them. Other
    /// numbers may be texts, too.
    private mutating func readValue(of draft: inout SampleDraft) throws(JSONError) {
        let field = SampleKey.value.rawValue
        switch scanner.peek() {
        case UInt8(ascii: "\""):
            let place = try scanner.place()
            guard let value = NumberText.value(of: body, place) else {
                return draft.note(.shape(field, expected: "a number"))
            }
            draft.value = value
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            let value = try scanner.numberValue()
            if value.isFinite { draft.value = value } else { draft.note(.value) }
        default:
            draft.note(.shape(field, expected: "a number"))
            try scanner.skipValue()
        }
    }

    private mutating func readTime(of draft: inout SampleDraft) throws(JSONError) {
        switch scanner.peek() {
        case UInt8(ascii: "\""):
            let place = try scanner.place()
            if let time = ReportedTime.milliseconds(of: body, at: place) {
                draft.time = corrected(time)
            } else {
                draft.note(.time)
            }
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            if let time = ReportedTime.milliseconds(ofSeconds: try scanner.numberValue()) {
                draft.time = corrected(time)
            } else {
                draft.note(.time)
            }
        case UInt8(ascii: "n"):
            _ = try scanner.scalar()
            draft.time = nil
        default:
            draft.note(.time)
            try scanner.skipValue()
        }
    }

    /// A clock that is far ahead would shut out what comes after it.
    private func corrected(_ time: Int64) -> Int64 { time <= latest ? time : arrived }
}
