import AsyncHTTP
import Testing

@testable import PipelineWorker

@Suite("A batch")
struct BatchTests {
    @Test(
        "has as many records as its webhook brings, and one where there are none to be counted",
        arguments: [
            (#"{"records": [{}, {"a": 1}, {}]}"#, 3, 0), (#"{"records": [{}, 1, "x", null]}"#, 4, 3),
            (#"{"records": []}"#, 0, 0), (#"{"records": {}}"#, 1, 0), (#"{"event": "ticket_created"}"#, 1, 0),
            ("[]", 1, 0), ("not JSON", 1, 0), ("", 1, 0), (#"{"records": [{}"#, 1, 0),
        ]
    )
    func records(body: String, count: Int, broken: Int) {
        let batch = Batch(id: "b", body: Array(body.utf8))
        #expect(batch.records == count && batch.brokenRecords == broken && batch.wish == nil)
    }

    @Test("has each of them, however many there are, however deep, and whatever numbers are in them")
    func many() {
        let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        for (body, records, broken) in [
            ("{\"records\":[" + String(repeating: "{},", count: 299_999) + "{}]}", 300_000, 0),
            (#"{"a":1e999,"records":[{"a":\#(deep)},{"b":1E400},-1e999]}"#, 3, 1), (#"{"\u0072ecords":[{},{}]}"#, 2, 0),
            (#"{"records":[{}]} x"#, 1, 0), (#"{"records":[{},{}]"#, 1, 0),
        ] {
            let batch = Batch(id: "b", body: Array(body.utf8))
            #expect(batch.records == records && batch.brokenRecords == broken, "\(body.prefix(60))")
        }
    }

    @Test(
        "may have a wish",
        arguments: [("failure", PlayedFailure.failure), ("timeout", .timeout), ("other", nil)]
            as [(String, PlayedFailure?)]
    )
    func wish(word: String, wish: PlayedFailure?) {
        #expect(Batch(id: "b", body: Array(#"{"simulate": "\#(word)"}"#.utf8)).wish == wish)
    }
}

@Suite("Batches that wait", .timeLimit(.minutes(1)))
struct BatchQueueTests {
    private func batch(_ number: Int) -> Batch { Batch(id: "\(number)", body: []) }

    @Test("are taken in their order, by whoever waits first or comes then, and no more wait than may")
    func order() async throws {
        let queue = BatchQueue(capacity: 3)
        for number in 0..<3 { try queue.add(batch(number)) }
        #expect(throws: BatchQueue.Refusal.full) { try queue.add(batch(3)) }
        #expect(await queue.next()?.id == "0")
        try queue.add(batch(4))
        for id in ["1", "2", "4"] { #expect(await queue.next()?.id == id) }
        #expect(queue.count == 0)
    }

    @Test("are given up in memory when they have been taken")
    func room() async throws {
        let queue = BatchQueue(capacity: 5000)
        var (added, taken) = (0, 0)
        for round in 1...40 {
            while added < round * 1000 {
                try queue.add(batch(added))
                added += 1
            }
            while taken < added - 900 {
                #expect(await queue.next()?.id == "\(taken)")
                taken += 1
            }
        }
        #expect(queue.count == 900 && queue.active == taken)
        for _ in 0..<taken { queue.done() }
        #expect(queue.active == 0 && !queue.isIdle)
    }

    @Test("end: those that wait are still taken, none is added, and whoever waits for one is told")
    func end() async throws {
        let queue = BatchQueue(capacity: 3)
        try queue.add(batch(0))
        await withTaskGroup { tasks in
            tasks.addTask {
                var taken: [String?] = []
                for _ in 0..<3 { taken.append(await queue.next()?.id) }
                return taken
            }
            tasks.addTask {
                queue.end()
                return []
            }
            for await taken in tasks where !taken.isEmpty { #expect(taken == ["0", nil, nil]) }
        }
        #expect(throws: BatchQueue.Refusal.ending) { try queue.add(batch(1)) }
    }

    @Test("come again when they were held, also at the end, which is only then")
    func held() async throws {
        let queue = BatchQueue(capacity: 1)
        try queue.add(batch(0))
        var first = try #require(await queue.next())
        queue.hold()
        queue.end()
        first.failures = 1
        await withTaskGroup { [first] tasks in
            for _ in 0..<3 {
                tasks.addTask {
                    // Whoever processes it asks again afterwards.
                    let taken = await queue.next()
                    return taken == nil ? nil : await queue.next() ?? taken
                }
            }
            tasks.addTask {
                queue.putBack(first)
                return nil
            }
            var found: [Int] = []
            for await batch in tasks { if let batch { found.append(batch.failures) } }
            #expect(found == [1])
        }
        #expect(await queue.next() == nil)
    }

    @Test("keep their places while they wait for another attempt: all together are no more than may wait")
    func places() async throws {
        let queue = BatchQueue(capacity: 2)
        for number in 0..<2 { try queue.add(batch(number)) }
        let first = try #require(await queue.next())
        queue.hold()
        #expect(queue.count == 1 && queue.active == 1 && !queue.isIdle)
        #expect(throws: BatchQueue.Refusal.full) { try queue.add(batch(2)) }
        #expect(await queue.next()?.id == "1")
        try queue.add(batch(3))
        #expect(throws: BatchQueue.Refusal.full) { try queue.add(batch(4)) }
        queue.putBack(first)
        #expect(queue.count == 2 && queue.active == 1)
        #expect(await queue.next()?.id == "3")
        #expect(await queue.next()?.id == "0")
    }

    @Test("are given up when the queue is closed, and whoever waits is told")
    func closed() async throws {
        let queue = BatchQueue(capacity: 2)
        try queue.add(batch(0))
        try queue.add(batch(1))
        let taken = try #require(await queue.next())
        queue.hold()
        queue.close()
        queue.putBack(taken)
        #expect(await queue.next() == nil)
        #expect(queue.count == 0)
        // Whoever is just finding out that theirs has failed waits for nothing, either.
        queue.hold()
        #expect(await queue.next() == nil)
    }
}
