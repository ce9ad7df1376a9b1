import AsyncHTTP
import Synchronization
import Testing

@testable import Service

@Suite("Reading files again")
struct ReloadTests {
    private struct Wrong: Error, CustomStringConvertible {
        let description = "line 3 is wrong"
    }

    /// What is read, one after the other, and what the log says of it.
    private final class Files: Sendable {
        let lines = Mutex<[String]>([])
        private let results: Mutex<[Result<[String], Wrong>]>

        init(_ results: [Result<[String], Wrong>]) {
            self.results = Mutex(results.reversed())
        }

        var reload: Reload {
            let logger = Logger(LogConfiguration()) { bytes in
                self.lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
                return true
            }
            return Reload(logger) { try self.results.withLock { $0.popLast() }?.get() ?? [] }
        }
    }

    @Test("what is wrong is told, logged and remembered, until it is right")
    func outcomes() throws {
        let files = Files([.success(["two users are one"]), .failure(Wrong()), .success([])])
        let reload = files.reload
        try withEventLoops { _ in
            let start = reload.last
            #expect(start.problem == nil)
            #expect(await reload.run() == nil)
            let first = reload.last
            #expect(first.problem == nil && first.lastSuccess >= start.lastSuccess)
            #expect(await reload.run() == "line 3 is wrong")
            #expect(reload.last.problem == "line 3 is wrong" && reload.last.lastSuccess == first.lastSuccess)
            await reload.action()
            #expect(reload.last.problem == nil)
        }
        let words = ["two users are one", "read again", "line 3 is wrong", "read again"]
        let lines = files.lines.withLock { $0 }
        #expect(lines.count == words.count && zip(lines, words).allSatisfy { $0.contains($1) }, "\(lines)")
    }
}
