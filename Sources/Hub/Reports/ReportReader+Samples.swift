import AsyncHTTP
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
        var place = 0
        repeat {
            try read(try key(at: place), of: &draft)
            place += 1
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
    }

    /// What was seen before, if it comes again.
    mutating func again<Value>(_ seen: SeenSamples.Seen<Value>?) -> Value? {
        guard let seen, scanner.take(again: seen.range) else { return nil }
        return seen.value
    }

    /// Where the next token begins.
    var tokenStart: Int {
        mutating get {
            _ = scanner.peek()
            return scanner.index
        }
    }

    /// - Parameter place: how many keys there were before it.
    private mutating func key(at place: Int) throws(JSONError) -> SampleKey? {
        if let key = again(seen.keys[place]) { return key }
        let start = tokenStart
        let key = Self.keys.key(at: try scanner.keyPlace(), in: body, of: scanner)
        seen.keys.note(key, start..<scanner.index, at: place)
        return key
    }

    private mutating func read(_ key: SampleKey?, of draft: inout SampleDraft) throws(JSONError) {
        switch key {
        case .name: try readName(of: &draft)
        case .kind: try readKind(of: &draft)
        case .value: try readValue(of: &draft)
        case .time: try readTime(of: &draft)
        case .labels: try readLabels(of: &draft)
        case .help:
            let help = try readText(.help, limits.help, or: seen.help, of: &draft)
            draft.set(help: help?.value)
            if let help { seen.help = help }
        case .unit:
            let unit = try readText(.unit, limits.word, or: seen.unit, of: &draft)
            draft.set(unit: unit?.value)
            if let unit { seen.unit = unit }
        case nil: try scanner.skipValue()
        }
    }

    /// Takes a text; nil if it is null, or wrong.
    ///
    /// - Parameter seen: what it may be again.
    private mutating func readText(
        _ key: SampleKey,
        _ limit: ByteCount,
        or seen: SeenSamples.Seen<String>?,
        of draft: inout SampleDraft
    ) throws(JSONError) -> SeenSamples.Seen<String>? {
        if again(seen) != nil { return seen }
        switch scanner.peek() {
        case UInt8(ascii: "\""):
            let start = scanner.index
            let place = try scanner.place()
            let text = scanner.text(at: place)
            if let problem = Self.problem(of: text, at: place, key.rawValue, limit) {
                draft.note(problem)
            } else if let text {
                return SeenSamples.Seen(range: start..<scanner.index, value: text)
            }
        case UInt8(ascii: "n"): _ = try scanner.scalar()
        default:
            try scanner.skipValue()
            draft.note(.shape(key.rawValue, expected: "a text"))
        }
        return nil
    }

    private mutating func readName(of draft: inout SampleDraft) throws(JSONError) {
        if let name = again(seen.name) { return draft.set(name: name) }
        let name = try readText(.name, limits.name, or: nil, of: &draft)
        draft.set(name: name?.value)
        guard let name else { return }
        if !ReportedName.isMetricName(name.value) {
            draft.note(.metricName)
        } else if ReportedName.isReserved(name.value) {
            draft.note(.reservedName)
        } else {
            seen.name = name
        }
    }

    /// In capitals or not: it is a word, and each has one meaning.
    private mutating func readKind(of draft: inout SampleDraft) throws(JSONError) {
        if let kind = again(seen.kind) { return draft.set(kind) }
        guard scanner.peek() == UInt8(ascii: "\"") else {
            draft.note(.kind)
            return try scanner.skipValue()
        }
        let start = scanner.index
        let place = try scanner.place()
        guard !place.hasEscapes, let kind = ReportedKind(body[place.range]) else { return draft.note(.kind) }
        draft.set(kind)
        seen.kind = SeenSamples.Seen(range: start..<scanner.index, value: kind)
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
            draft.set(value)
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            let value = try scanner.numberValue()
            if value.isFinite { draft.set(value) } else { draft.note(.value) }
        default:
            draft.note(.shape(field, expected: "a number"))
            try scanner.skipValue()
        }
    }

    private mutating func readTime(of draft: inout SampleDraft) throws(JSONError) {
        if let time = again(seen.time) { return draft.set(time: time) }
        switch scanner.peek() {
        case UInt8(ascii: "\""):
            let start = scanner.index
            guard let time = ReportedTime.milliseconds(of: body, at: try scanner.place()) else {
                return draft.note(.time)
            }
            draft.set(time: corrected(time))
            seen.time = SeenSamples.Seen(range: start..<scanner.index, value: corrected(time))
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"):
            if let time = ReportedTime.milliseconds(ofSeconds: try scanner.numberValue()) {
                draft.set(time: corrected(time))
            } else {
                draft.note(.time)
            }
        case UInt8(ascii: "n"):
            _ = try scanner.scalar()
            draft.set(time: arrived)
        default:
            draft.note(.time)
            try scanner.skipValue()
        }
    }

    /// A clock that is far ahead would shut out what comes after it.
    private func corrected(_ time: Int64) -> Int64 { time <= latest ? time : arrived }
}
