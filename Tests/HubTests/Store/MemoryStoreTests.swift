import AsyncHTTP
import Testing

@testable import Hub

@Suite("A store in memory")
struct MemoryStoreTests {
    private func names(_ store: MemoryStore, _ change: (inout LogQuery) -> Void) async throws -> [String] {
        var query = LogQuery()
        change(&query)
        return try await store.answer(query) { page in page.rows.map(\.metric.name) }
    }

    @Test("the newest come first, a page at a time")
    func pages() async throws {
        let store = MemoryStore()
        for number in 0..<5 { _ = store.append(.sample(["a\(number)": 1, "b\(number)": 2])) }
        var query = LogQuery()
        query.limit = 3
        var all: [String] = []
        repeat {
            let page = try await store.answer(query) { $0 }
            #expect(page.rows.count <= 3)
            all += page.rows.map(\.metric.name)
            query.cursor = page.next
        } while query.cursor != nil
        #expect(all == ["b4", "a4", "b3", "a3", "b2", "a2", "b1", "a1", "b0", "a0"])
    }

    @Test("it is asked as the log is")
    func filters() async throws {
        let store = MemoryStore()
        _ = store.append(.sample(["cpu": 1, "cpu_user": 2], of: "w"))
        _ = store.append(.sample(["cpu_user": 3], of: "x", at: midnight + 1000))
        #expect(try await names(store) { $0.name = "cpu" } == ["cpu"])
        #expect(try await names(store) { $0.name = "user" } == ["cpu_user", "cpu_user"])
        #expect(try await names(store) { $0.name = "none" } == [])
        #expect(try await names(store) { $0.componentName = "x" } == ["cpu_user"])
        #expect(try await names(store) { $0.componentType = "other" } == [])
        #expect(try await names(store) { $0.runtimeID = Component(type: "pool", name: "w").runtimeID }.count == 2)
        #expect(try await names(store) { $0.start = midnight + 1 } == ["cpu_user"])
        #expect(try await names(store) { $0.end = midnight }.count == 2)
        #expect(try await names(store) { $0.kind = .counter } == [])
    }

    @Test("the oldest go when there are too many, and are not recognised any more")
    func bounds() async throws {
        let one = Report.sample(id: "0").size
        let store = MemoryStore(limit: .bytes(one * 10))
        for number in 0..<1000 { _ = store.append(.sample(["m\(number)": 1], id: "\(number)")) }
        #expect(store.size.bytes <= one * 11)
        let rows = try await names(store) { _ in }
        #expect(rows.first == "m999")
        #expect(rows.count <= 10)
        #expect(store.append(.sample(id: "999")) == .duplicate)
        #expect(store.append(.sample(id: "0")) != .duplicate)
    }

    @Test("a report that is larger than everything is kept alone")
    func large() async throws {
        let store = MemoryStore(limit: .bytes(10))
        _ = store.append(.sample(["a": 1]))
        _ = store.append(.sample(["b": 1]))
        #expect(try await names(store) { _ in } == ["b"])
    }

    @Test("it answers nobody once it is closed")
    func closed() async throws {
        let store = MemoryStore()
        store.close()
        await #expect(throws: LogError.self) { try await names(store) { _ in } }
    }
}
