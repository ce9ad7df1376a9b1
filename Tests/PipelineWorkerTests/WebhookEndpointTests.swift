import Glibc
import HTTPTestKit
import JSON
import Synchronization
import Telemetry
import Testing
import WebhookChecks
import Webhooks

@testable import AsyncHTTP
@testable import PipelineWorker

@Suite("Taking webhooks")
struct WebhookEndpointTests {
    private static let now: Int64 = 1_800_000_000

    /// An endpoint before a queue that nobody empties.
    private struct Door {
        let registry = Registry()
        let queue: BatchQueue
        let test: HandlerTest

        init(
            capacity: Int = 10,
            refusesReplays: Bool = false,
            longest: ByteCount = .bytes(64),
            reading: WorkThread? = nil
        ) throws {
            let queue = BatchQueue(capacity: capacity)
            var configuration = WebhookConfiguration()
            configuration.body = longest
            let endpoint = WebhookEndpoint(
                configuration,
                WebhookGate(trusting: [try #require(WebhookSecret("key"))], refusesReplays: refusesReplays),
                into: queue,
                try WebhookMetrics(in: registry),
                durations: nil,
                prefix: "a",
                reading: reading,
                wallClock: { .seconds(WebhookEndpointTests.now) }
            )
            self.queue = queue
            test = HandlerTest { request, responder in try await endpoint.answer(request, responder) }
        }

        /// The status and the body of the answer.
        func send(
            _ body: String,
            _ header: String? = nil,
            signedBy key: String = "key",
            at time: Int64 = now
        ) throws
            -> (status: Int, answer: JSONValue, head: String)
        {
            let secret = try #require(WebhookSecret(key))
            let signed = WebhookSignature(signing: Array(body.utf8), at: time, with: secret).fieldValue
            let text = try test.exchange(
                """
                POST /webhook HTTP/1.1\r
                Host: a\r
                Petzi-Signature: \(header ?? signed)\r
                Content-Length: \(body.utf8.count)\r
                Connection: close\r
                \r
                \(body)
                """
            )
            let end = try #require(text.firstRange(of: "\r\n\r\n"))
            let status = try #require(Int(text.dropFirst("HTTP/1.1 ".count).prefix(3)))
            return (status, try JSONReader().read(Array(text[end.upperBound...].utf8)), String(text[..<end.lowerBound]))
        }

        func count(_ status: String) throws -> Double { try value("webhook_requests", ["status": status]) }

        func refused(_ reason: String) throws -> Double {
            try value("pipeline_worker_webhooks_refused", ["reason": reason])
        }

        var payload: Double { get throws { try value("webhook_payload_size_bytes", [:]) } }

        private func value(_ name: String, _ labels: KeyValuePairs<String, String>) throws -> Double {
            let labels = try Labels(labels)
            return try #require(
                registry.gather().first { $0.descriptor.name == name }?.samples.first { $0.labels == labels }
                    .flatMap { if case .number(let value) = $0.value { value } else { nil } }
            )
        }
    }

    @Test("what was signed a moment ago waits as a batch of its own, and has the name that the answer tells")
    func accepted() async throws {
        let door = try Door()
        for number in 1...2 {
            let (status, answer, head) = try door.send(#"{"n": \#(number)}"#)
            #expect(status == 200 && answer == ["status": "ok", "batch_id": .string("a-\(number)")])
            #expect(head.contains("Content-Type: application/json"))
        }
        #expect(door.queue.count == 2)
        #expect(await door.queue.next()?.id == "a-1")
        #expect(try door.count("success") == 2 && door.count("failure") == 0)
    }

    @Test(
        "what nobody has signed a moment ago is refused and counted, and waits for nothing",
        arguments: [
            ("key", 31, nil, "outside_window"), ("key", -31, nil, "outside_window"), ("other", 0, nil, "wrong"),
            ("key", 0, "", "malformed"), ("key", 0, "t=1800000000", "malformed"), ("key", 0, "t=x,v1=00", "malformed"),
            ("key", 0, "t=1,v1=00\r\nPetzi-Signature: t=1,v1=00", "malformed"),
        ] as [(String, Int64, String?, String)]
    )
    func refused(key: String, late: Int64, header: String?, reason: String) throws {
        let door = try Door()
        let (status, answer, head) = try door.send("{}", header, signedBy: key, at: Self.now + late)
        guard case .object(let members) = answer else { throw JSONError.unexpected }
        #expect(status == 401 && members.first?.value == "error" && !head.contains("Retry-After"))
        #expect(door.queue.count == 0)
        #expect(try door.count("success") == 0 && door.count("failure") == 1 && door.refused(reason) == 1)
    }

    @Test(
        "a body that is too long is refused, where that is said before it comes, and counted",
        arguments: [65, 0],
        ["", "Expect: 100-continue\r\n"]
    )
    func long(sent: Int, expecting: String) throws {
        let door = try Door()
        let text = try door.test.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\(expecting)\r\n"
                + String(repeating: "x", count: sent)
        )
        #expect(text.hasPrefix("HTTP/1.1 413 ") && text.contains("\r\nConnection: close\r\n"))
        #expect(try door.count("failure") == 1 && door.refused("too_long") == 1)
    }

    private final class Barrier: Sendable {
        let isReached = Atomic<Bool>(false)
        let isOpen = Atomic<Bool>(false)

        func pass() {
            isReached.store(true, ordering: .relaxed)
            while !isOpen.load(ordering: .relaxed) { usleep(500) }
        }
    }

    /// More of them than are read on a loop.
    private static let manyRecords = #"{"records":["# + String(repeating: "{},", count: 99_999) + "{}]}"

    @Test("a long one is read beside the loop, where others wait for none of it")
    func readBeside() async throws {
        let barrier = Barrier()
        let reading = WorkThread(capacity: 2)
        let door = try Door(longest: .mebibytes(1), reading: reading)
        try reading.submit { barrier.pass() }
        while !barrier.isReached.load(ordering: .relaxed) { usleep(500) }
        // On a thread of its own, so that it waits for no other test.
        let sender = try Thread.start { _ = try? door.send(Self.manyRecords) }
        do {
            defer {
                barrier.isOpen.store(true, ordering: .relaxed)
                sender.join()
            }
            while try door.payload == 0 { usleep(500) }
            #expect(try door.send("{}").status == 200)
            // As long as it would take there.
            for _ in 0..<3 { #expect(Batch(id: "", body: Array(Self.manyRecords.utf8)).records == 100_000) }
            #expect(door.queue.count == 1)
        }
        #expect(await [door.queue.next()?.records, door.queue.next()?.records] == [1, 100_000])
    }

    @Test("a long one is read all the same where there is nobody beside the loop")
    func readHere() async throws {
        let reading = WorkThread(capacity: 1)
        reading.stop()
        let door = try Door(longest: .mebibytes(1), reading: reading)
        #expect(try door.send(Self.manyRecords).status == 200)
        #expect(await door.queue.next()?.records == 100_000)
    }

    @Test("where no more may wait it is told to come again, and may, with the same signature")
    func full() async throws {
        let door = try Door(capacity: 1, refusesReplays: true)
        #expect(try door.send("1").status == 200)
        let (status, _, head) = try door.send("2")
        #expect(status == 503 && head.contains("Retry-After: 1"))
        _ = await door.queue.next()
        #expect(try door.send("2").status == 200)
        #expect(try door.send("2").status == 409, "the second time it is a replay")
        door.queue.end()
        #expect(try door.send("3").status == 503, "the end takes no more")
    }

    private enum JSONError: Error { case unexpected }
}
