import AsyncHTTP
import Glibc
import Testing

@testable import Hub

@Suite("A log in hard times")
struct HardTimesTests {
    @Test("a clean end leaves one file with everything in it")
    func close() async throws {
        let directory = try LogDirectory()
        let store = try LogStore(directory.configuration())
        _ = try await store.append(.sample(["a": 1]))
        _ = try await store.answer(LogQuery()) { $0.rows.count }
        store.close()
        #expect(unsafe access("\(directory.file)-wal", F_OK) != 0)
        #expect(try LogReader(path: directory.file).read(after: 0, limit: 10).count == 1)
        await #expect(throws: LogError.self) { try await store.answer(LogQuery()) { $0 } }
    }

    @Test("what nobody would find again is not taken", arguments: ["", "-wal"])
    func gone(suffix: String) async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        _ = try await log.append(.sample(["a": 1]))
        let path = directory.file + suffix
        #expect(unsafe rename(path, path + ".moved") == 0)
        let error = await #expect(throws: LogError.self) { try await log.append(.sample(["a": 2])) }
        #expect(error?.kind == .gone)
        #expect(unsafe rename(path + ".moved", path) == 0)
        _ = try await log.append(.sample(["a": 3]))
        log.close()
    }

    @Test("who waits too long for the disk is told so, and nobody else")
    func overdue() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.limits.patience = .seconds(86_400) }
        let outsider = try Outsider(directory.file)
        try outsider.execute("BEGIN IMMEDIATE")
        let first = Task { try await log.append(.sample(["a": 1])) }
        await until { log.backlog == 1 }
        let second = Task { try await log.append(.sample(["a": 2])) }
        await until { log.backlog == 2 }
        log.endOverdue(at: .now)
        #expect(log.backlog == 2)
        log.endOverdue(at: .now.advanced(by: .seconds(11)))
        await #expect(throws: LogError.self) { try await first.value }
        await #expect(throws: LogError.self) { try await second.value }
        try outsider.execute("COMMIT")
        _ = try await log.append(.sample(["a": 3]))
        log.close()
    }

    @Test("an answer ends when it is long, and says where it goes on")
    func longAnswers() async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.limits.answerSize = .kibibytes(4) }
        let text = String(repeating: "x", count: 1000)
        for number in 0..<20 {
            let metric = ReportedMetric(name: "m", kind: .gauge, value: Double(number), time: midnight, help: text)
            _ = try await log.append(
                Report(component: Component(type: "t", name: "w"), metrics: [metric], arrived: midnight)
            )
        }
        let queries = try LogQueries(log)
        var query = LogQuery()
        var values: [Double] = []
        repeat {
            let page = try await queries.answer(query)
            #expect(page.rows.count <= 4)
            values += page.rows.map(\.metric.value)
            query.cursor = page.next
        } while query.cursor != nil
        #expect(values == (0..<20).reversed().map(Double.init))
        queries.close()
        log.close()
    }

    @Test("a pipe is no log, and nobody waits for it")
    func pipe() throws {
        let directory = try LogDirectory()
        #expect(unsafe mkfifo(directory.file, 0o600) == 0)
        let error = #expect(throws: LogError.self) { try LogReader(path: directory.file) }
        #expect(error?.kind == .notAFile)
    }
}
