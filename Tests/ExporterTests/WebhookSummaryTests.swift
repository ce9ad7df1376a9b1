import JSON
import Service
import Testing

@testable import Exporter

@Suite("Simulated webhooks: what came of them")
struct WebhookSummaryTests {
    @Test(
        "an outcome is as it was meant, or a surprise of its own kind",
        arguments: [
            (.taken, .answered(status: 200), nil),
            (.taken, .answered(status: 204), nil),
            (.taken, .answered(status: 199), .failed),
            (.taken, .answered(status: 302), .failed),
            (.taken, .answered(status: 404), .failed),
            (.taken, .answered(status: 503), .failed),
            (.taken, .answered(status: 401), .refused),
            (.taken, .answered(status: 403), .refused),
            (.refused, .answered(status: 401), nil),
            (.refused, .answered(status: 403), nil),
            (.refused, .answered(status: 200), .notRefused),
            (.refused, .answered(status: 400), .notRefused),
            (.refused, .answered(status: 503), .notRefused),
            (.failing, .answered(status: 200), nil),
            (.failing, .answered(status: 500), nil),
            (.failing, .answered(status: 503), nil),
            (.failing, .answered(status: 404), .failed),
            (.failing, .answered(status: 401), .refused),
            (.taken, .unanswered, .unanswered),
            (.refused, .unanswered, .unanswered),
            (.failing, .unsent, .unsent),
        ] as [(WebhookIntent, WebhookOutcome, WebhookSurprise?)]
    )
    func surprises(intent: WebhookIntent, outcome: WebhookOutcome, surprise: WebhookSurprise?) {
        #expect(WebhookSurprise(outcome, of: intent) == surprise)
        var tally = WebhookTally()
        tally.record(outcome, of: intent, bytes: 10, nanoseconds: 5)
        #expect(tally.isAsMeant == (surprise == nil))
        #expect(tally.unexpected == (surprise == nil ? 0 : 1))
        #expect(WebhookSummary(tally: tally, elapsed: .zero, seed: 0).exitStatus == (surprise == nil ? 0 : 1))
    }

    private static let mixed: WebhookTally = {
        var tally = WebhookTally()
        for status in [200, 200, 200, 503, 404] {
            tally.record(.answered(status: status), of: .taken, bytes: 100, nanoseconds: 2_000_000)
        }
        tally.record(.answered(status: 401), of: .refused, bytes: 100, nanoseconds: 9_000_000)
        tally.record(.unanswered, of: .taken, bytes: 100, nanoseconds: 5_000_000_000)
        tally.record(.unsent, of: .taken, bytes: 0, nanoseconds: 0)
        return tally
    }()

    @Test("each is counted once, those that were not sent apart")
    func counts() {
        let tally = Self.mixed
        #expect([tally.sent, tally.accepted, tally.refused, tally.failed, tally.unanswered] == [7, 3, 1, 2, 1])
        #expect(tally.unsent == 1)
        #expect(tally.statuses.map(\.status) == [200, 401, 404, 503])
        #expect(tally.statuses.map(\.count) == [3, 1, 1, 1])
        #expect(tally.bytes == 700)
        #expect(tally.latency.count == 6)
    }

    @Test("people read what came of them in six lines")
    func text() {
        let text = WebhookSummary(tally: Self.mixed, elapsed: .milliseconds(500), seed: 42).text
        #expect(
            text == """
                sent      7 in 500 ms, 14.0/s, seed 42
                outcome   accepted 3, refused because the signature was bad 1, failed 2, unanswered 1
                status    200: 3, 401: 1, 404: 1, 503: 1
                latency   p50 2.00 ms   p99 9.00 ms   max 9.00 ms
                bytes     700 B
                expected  NOT MET: 2 failed; 1 unanswered; 1 not sent, because there was no connection

                """
        )
    }

    @Test("nothing at all is no success, and traps nowhere")
    func nothing() {
        let summary = WebhookSummary(tally: WebhookTally(), elapsed: .zero, seed: 1)
        #expect(summary.exitStatus == 1)
        #expect(summary.text.contains("expected  nothing was sent"))
        #expect(summary.text.contains("latency   none"))
    }

    @Test("programs read the same in one line of JSON")
    func json() throws {
        let text = WebhookSummary(tally: Self.mixed, elapsed: .milliseconds(500), seed: .max).json
        #expect(text.hasSuffix("}\n") && text.split(separator: "\n").count == 1)
        let object = try JSONReader().read(Array(text.utf8))
        for (key, value) in [
            ("sent", 7.0), ("seconds", 0.5), ("accepted", 3), ("refused", 1), ("failed", 2), ("unanswered", 1),
            ("unsent", 1), ("bytes", 700),
        ] {
            #expect(object[key] == .number(value), "\(key)")
        }
        #expect(object["statuses"] == ["200": 3, "401": 1, "404": 1, "503": 1])
        #expect(object["latency_seconds"]?["max"] == .number(0.009))
        #expect(object["unexpected"]?["failed"] == 2)
        #expect(object["unexpected"]?["badly_signed_not_refused"] == 0)
        #expect(object["seed"] == .string("\(UInt64.max)"))
        #expect(object["ok"] == .boolean(false))
    }
}
