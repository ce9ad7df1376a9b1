import Testing

@testable import Hub

@Suite("The identity of a report")
struct IdentityTests {
    /// Of the bytes 0, 1, 2, … under the key 0, 1, 2, …: from the reference implementation of SipHash-2-4.
    @Test(
        "is the hash that others compute, too",
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
            (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5),
        ] as [(Int, UInt64)]
    )
    func vectors(length: Int, hash: UInt64) {
        let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        let text = String(decoding: (0..<length).map { UInt8($0) }, as: UTF8.self)
        #expect(IdentityHash(key: key).hash(text) == hash)
    }

    @Test("differs from one log, component and name to another, and is the same in the next process")
    func distinct() {
        let logs = ["4b1a8a51-0000-4000-8000-000000000001", "4b1a8a51-0000-4000-8000-000000000002"]
        var found: Set<Int64> = []
        for log in logs {
            for component in 1...3 as ClosedRange<Int64> {
                for name in ["", "a", "b", "aa", "a\u{0}", "\u{e9}", "e\u{301}"] {
                    found.insert(IdentityHash(log: log).identity(name, of: component))
                }
            }
        }
        #expect(found.count == 2 * 3 * 7)
        #expect(IdentityHash(log: logs[0]).identity("a", of: 1) == IdentityHash(log: logs[0]).identity("a", of: 1))
    }

    /// Whether a report is known when it is sent again, at whatever place it is by now: waiting, in the index, in the table of the
    /// day before, after a restart.
    @Test("is recognised wherever it has come to", arguments: [1, 10, 100, 1000], [false, true])
    func places(capacity: Int, isReopened: Bool) async throws {
        let directory = try LogDirectory()
        let change: (inout LogConfiguration) -> Void = { $0.limits.waitingIdentities = capacity }
        var log = try directory.log(change)
        let count = 400
        for first in stride(from: 0, to: count, by: 8) {
            try await withThrowingDiscardingTaskGroup { [log] group in
                for number in first..<first + 8 {
                    let arrived = midnight - 1000 + Int64(first) * 5
                    group.addTask {
                        // Some have no identity: they do not keep the others waiting.
                        let id = number % 5 == 0 ? nil : "id-\(number)"
                        _ = try await log.append(.sample(of: "w\(number % 3)", id: id, at: arrived))
                    }
                }
            }
            if isReopened, first % 80 == 0 {
                log.close()
                log = try directory.log(change)
            }
        }
        for number in 0..<count where number % 5 != 0 {
            let again = Report.sample(of: "w\(number % 3)", id: "id-\(number)", at: midnight + hour)
            #expect(try await log.append(again) == .duplicate, "\(number)")
        }
        // Of another component, or with another name, they are others.
        for number in 0..<3 {
            let other = Report.sample(of: "w\(number + 3)", id: "id-1", at: midnight + hour)
            #expect(try await log.append(other) == .written(sequence: Int64(count + number + 1)))
        }
        #expect(try LogVerification.run(log.reader()).problems == [])
        log.close()
    }

    @Test("of a report that was not written is not known", arguments: [1, 1000])
    func rolledBack(capacity: Int) async throws {
        let directory = try LogDirectory()
        let log = try directory.log { $0.limits.waitingIdentities = capacity }
        for number in 0..<20 { _ = try await log.append(.sample(id: "\(number)")) }
        let outsider = try Outsider(directory.file)
        try outsider.execute("CREATE TRIGGER broken BEFORE INSERT ON report_1 BEGIN SELECT RAISE(ABORT, 'no'); END")
        for _ in 0..<3 {
            let error = await #expect(throws: LogError.self) { try await log.append(.sample(id: "new")) }
            #expect(error?.kind == .failed)
        }
        try outsider.execute("DROP TRIGGER broken")
        // The insert succeeds and the end of the transaction does not: what was put into the index there is taken out, too.
        try outsider.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON identity_1 BEGIN SELECT RAISE(ABORT, 'no'); END;"
        )
        let ids = ["one", "two", "three"]
        var refused: [String] = []
        for id in ids where (try? await log.append(.sample(id: id))) == nil { refused.append(id) }
        #expect(refused.isEmpty == (capacity > 1))
        try outsider.execute("DROP TRIGGER broken")
        for id in ids {
            let outcome = try await log.append(.sample(id: id))
            #expect((outcome == .duplicate) == !refused.contains(id))
        }
        for number in 0..<20 { #expect(try await log.append(.sample(id: "\(number)")) == .duplicate) }
        for id in ids { #expect(try await log.append(.sample(id: id)) == .duplicate) }
        log.close()
    }
}
