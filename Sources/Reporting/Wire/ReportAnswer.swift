import AsyncHTTP
import JSON

/// What the hub's answer to a report means.
enum ReportAnswer: Sendable, Hashable {
    /// It has the report, now or since before.
    case taken
    /// It has the report, but not so many of its samples.
    case takenInPart(rejected: Int, ReportFailure)
    /// It will never take this report.
    case refused(ReportFailure)
    /// It may take it later, and perhaps says when.
    case later(ReportFailure, after: Duration?)

    private static let shownBytes = 200

    /// - Parameter secrets: what makes us known to the hub, and what nobody is to read in a message.
    init(status: Int, fields: HeaderFields, body: [UInt8], secrets: [String] = []) {
        let said = Self.beginning(of: body, secrets)
        func failure(_ reason: ReportFailure.Reason) -> ReportFailure {
            ReportFailure(reason, "the hub answered \(status)\(said)")
        }
        // What is wrong with this report alone will stay wrong. Everything else may be put right, here or there, and the report
        // is worth keeping until then.
        switch status {
        case 200..<300:
            // Whatever stands between us and the hub may answer so, too: only a hub says that it has it.
            guard let answer = try? JSONReader().read(body), answer["status"] == "ok" else {
                self = .later(failure(.status), after: nil)
                return
            }
            let rejected = Self.rejected(in: answer)
            self = rejected == 0 ? .taken : .takenInPart(rejected: rejected, failure(.rejected))
        case 400, 413, 422: self = .refused(failure(.refused))
        case 401, 403: self = .later(failure(.unauthorized), after: nil)
        case 404: self = .later(failure(.unregistered), after: nil)
        case 429, 503: self = .later(failure(.busy), after: Self.retryAfter(fields))
        default: self = .later(failure(.status), after: Self.retryAfter(fields))
        }
    }

    /// How many samples the hub names as rejected; 0 if it says nothing that can be read.
    private static func rejected(in answer: JSONValue) -> Int {
        guard case .array(let rejected)? = answer["rejected"] else { return 0 }
        return rejected.count
    }

    /// RFC 9110 section 10.2.3. Seconds only: a date would need the hub's clock to be ours.
    private static func retryAfter(_ fields: HeaderFields) -> Duration? {
        guard let text = fields["Retry-After"], text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard !text.isEmpty else { return nil }
        // More digits than a number has are a very long time.
        return .seconds(min(Int64(text) ?? .max, longestRetryAfter))
    }

    private static let longestRetryAfter: Int64 = 1 << 32

    private static func beginning(of body: [UInt8], _ secrets: [String]) -> String {
        guard !body.isEmpty else { return "" }
        guard !secrets.contains(where: { body.holds($0.utf8) }) else { return "" }
        return ": \(JSONText.quoted(String(decoding: body, as: UTF8.self).cut(toBytes: shownBytes)))"
    }
}
