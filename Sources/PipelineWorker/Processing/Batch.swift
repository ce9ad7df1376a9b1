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
        guard case .object(let members)? = try? JSONReader().read(body) else {
            (records, brokenRecords, wish) = (1, 0, nil)
            return
        }
        var (count, broken) = (1, 0)
        var wish: PlayedFailure?
        for member in members {
            switch (member.name, member.value) {
            case ("records", .array(let elements)):
                count = elements.count
                broken = elements.count { if case .object = $0 { false } else { true } }
            case ("simulate", .string(let word)): wish = PlayedFailure(rawValue: word)
            default: break
            }
        }
        (records, brokenRecords, self.wish) = (count, broken, wish)
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
