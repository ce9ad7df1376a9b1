import AsyncHTTP
import Flags
import JSON
import Service

/// What `simulate-webhook` prints at the end.
struct WebhookSummary: Sendable {
    let tally: WebhookTally
    let elapsed: Duration
    let seed: UInt64

    var exitStatus: Int32 { tally.isAsMeant ? 0 : 1 }

    private var nanoseconds: Double { Double(max(1, elapsed.clampedNanoseconds)) }

    private var perSecond: Double { Double(tally.sent) * 1e9 / nanoseconds }

    private var latencies: [(name: String, nanoseconds: Int64)] {
        [("p50", tally.latency.percentile(0.5) ?? 0), ("p99", tally.latency.percentile(0.99) ?? 0)]
            + [("max", tally.latency.maximum)]
    }

    /// For people.
    var text: String {
        let statuses = tally.statuses.map { "\($0.status): \($0.count)" }
        let times = latencies.map { "\($0.name) \(Quantity.time(Double($0.nanoseconds)))" }
        let surprises = WebhookSurprise.allCases.filter { tally[$0] > 0 }.map { "\(tally[$0]) \($0.text)" }
        let nothing = tally.sent == 0 ? "nothing was sent" : "every one came out as it was meant"
        let rows = [
            ("sent", "\(tally.sent) in \(Quantity.time(nanoseconds)), \(Quantity.rate(perSecond))/s, seed \(seed)"),
            (
                "outcome",
                "accepted \(tally.accepted), refused because the signature was bad \(tally.refused), "
                    + "failed \(tally.failed), unanswered \(tally.unanswered)"
            ), ("status", statuses.isEmpty ? "none" : statuses.joined(separator: ", ")),
            ("latency", tally.latency.isEmpty ? "none" : times.joined(separator: "   ")),
            ("bytes", Quantity.bytes(Double(tally.bytes))),
            ("expected", surprises.isEmpty ? nothing : "NOT MET: " + surprises.joined(separator: "; ")),
        ]
        return rows.map { "\($0.0.padded(10))\($0.1)\n" }.joined()
    }

    /// For programs, in one line.
    var json: String {
        func count(_ number: Int) -> JSONValue { .number(Double(number)) }
        let object = JSONValue.object([
            JSONValue.Member("sent", count(tally.sent)),
            JSONValue.Member("seconds", .number(elapsed.wholeMilliseconds)),
            JSONValue.Member("accepted", count(tally.accepted)),
            JSONValue.Member("refused", count(tally.refused)),
            JSONValue.Member("failed", count(tally.failed)),
            JSONValue.Member("unanswered", count(tally.unanswered)),
            JSONValue.Member("unsent", count(tally.unsent)),
            JSONValue.Member("bytes", count(tally.bytes)),
            JSONValue.Member(
                "statuses",
                .object(tally.statuses.map { JSONValue.Member("\($0.status)", count($0.count)) })
            ),
            JSONValue.Member(
                "latency_seconds",
                .object(latencies.map { JSONValue.Member($0.name, .number(Double($0.nanoseconds) / 1e9)) })
            ),
            JSONValue.Member(
                "unexpected",
                .object(
                    WebhookSurprise.allCases.map { JSONValue.Member($0.name, count(tally[$0])) }
                )
            ),
            // Doubles do not hold all of them.
            JSONValue.Member("seed", .string("\(seed)")),
            JSONValue.Member("ok", .boolean(tally.isAsMeant)),
        ])
        return String(decoding: object.bytes, as: UTF8.self) + "\n"
    }
}
