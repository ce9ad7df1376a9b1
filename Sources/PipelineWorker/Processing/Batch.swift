import AsyncHTTP
import JSON

/// What one webhook asks for: records that are processed together.
struct Batch: Sendable, Hashable {
    /// Told from all others of this process.
    let id: String
    let records: Int
    /// Records that are none: they fail whatever happens.
    let brokenRecords: Int
    /// What the sender would like to see, which is played only where that is allowed.
    let wish: PlayedFailure?
    /// Attempts that have come to nothing.
    var failures = 0
    /// When the first attempt began.
    var began: MonotonicInstant?

    /// Reads what a webhook brings: the elements of the array `records` of a JSON object are the records. Anything else is one.
    init(id: String, body: [UInt8]) {
        self.id = id
        let content = (try? Content(body)) ?? Content()
        (records, brokenRecords, wish) = (content.records, content.brokenRecords, content.wish)
    }
}

/// What is in a body, counted as it is passed over: nothing of it is kept, however much there is and however deep.
private struct Content {
    var records = 1
    var brokenRecords = 0
    var wish: PlayedFailure?

    init() {}

    init(_ body: [UInt8]) throws(JSONError) {
        var scanner = JSONScanner(body)
        try scanner.expect(UInt8(ascii: "{"), "an object was expected")
        if !scanner.take(UInt8(ascii: "}")) {
            repeat { try readMember(&scanner) } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"), "a comma or the end of the object was expected")
        }
        guard scanner.peek() == nil else { throw scanner.error("something stands behind the object") }
    }

    private mutating func readMember(_ scanner: inout JSONScanner) throws(JSONError) {
        switch (try scanner.key(), scanner.peek()) {
        case ("records", UInt8(ascii: "[")): try countRecords(&scanner)
        case ("simulate", UInt8(ascii: "\"")): wish = PlayedFailure(rawValue: try scanner.string())
        default: try scanner.skipValue()
        }
    }

    private mutating func countRecords(_ scanner: inout JSONScanner) throws(JSONError) {
        (records, brokenRecords) = (0, 0)
        _ = scanner.take(UInt8(ascii: "["))
        if scanner.take(UInt8(ascii: "]")) { return }
        repeat {
            records += 1
            if scanner.peek() != UInt8(ascii: "{") { brokenRecords += 1 }
            try scanner.skipValue()
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"), "a comma or the end of the array was expected")
    }
}

/// How an attempt comes to nothing that is only played.
enum PlayedFailure: String, Sendable, Hashable {
    case failure
    case timeout

    /// As `error_code` has it.
    var code: String {
        switch self {
        case .failure: "PLAYED_FAILURE"
        case .timeout: "TIMEOUT"
        }
    }
}
