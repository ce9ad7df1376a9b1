import Testing

@testable import AsyncHTTP

@Suite("Known heads: what is kept")
struct KnownHeadsTests {
    /// A table and its budget.
    private struct Table {
        let heads: KnownHeads
        let budget: PendingBudget
        let answer: PreparedResponse
        private let target: RequestTarget

        init(_ limit: ByteCount = .mebibytes(1)) throws {
            target = try RequestTarget("/")
            budget = PendingBudget(limit)
            heads = KnownHeads(budget)
            answer = try PreparedResponse(.text("OK"))
        }

        func head(_ text: String) -> RequestHead {
            RequestHead(method: .get, target: target, fields: HeaderFields(bytes: Array(text.utf8), entries: []))
        }

        /// - Parameter hash: another one than the table's own.
        func known(
            _ text: String,
            hash: UInt64,
            from origin: KnownHead.Origin = .nobody,
            generations: [UInt64] = []
        ) -> KnownHead {
            KnownHead(head(text), hash: hash, from: origin, generations: generations, answer)
        }

        /// The hash that the table gives to it, having seen it twice.
        func hash(of text: String) -> UInt64? {
            _ = heads.sight(head(text))
            return heads.sight(head(text))
        }

        @discardableResult
        func enter(_ text: String, from origin: KnownHead.Origin = .nobody) throws -> KnownHead {
            let known = known(text, hash: try #require(hash(of: text)), from: origin)
            heads.remember(known)
            return known
        }

        func find(_ text: String, from origin: KnownHead.Origin = .nobody) -> KnownHead? {
            let bytes = Array(text.utf8)
            return unsafe heads.find(bytes.span.bytes, from: origin)
        }
    }

    private static func text(_ number: Int) -> String { get("/\(number)") }

    @Test("a head is entered when it is seen for the second time")
    func secondSight() throws {
        let table = try Table()
        let head = table.head(get("/"))
        #expect(table.heads.sight(head) == nil)
        #expect(table.heads.sight(table.head(get("/other"))) == nil)
        #expect(table.heads.sight(head) != nil)
        #expect(table.heads.count == 0, "seen, not entered")
        #expect(table.find(get("/")) == nil)
        let known = try table.enter(get("/"))
        #expect(table.find(get("/")) === known)
        #expect(table.find(get("/other")) == nil)
    }

    @Test(
        "shorter than 16 bytes or longer than 2048 is none",
        arguments: [(15, false), (16, true), (2048, true), (2049, false)]
    )
    func lengths(count: Int, isKept: Bool) throws {
        let table = try Table()
        let text = String(repeating: "x", count: count)
        #expect((table.hash(of: text) != nil) == isKept)
        table.heads.remember(table.known(get("/"), hash: 1))
        #expect(table.find(text) == nil)
        if isKept { #expect(try table.enter(text) === table.find(text)) }
    }

    @Test("another listener or another identity is another origin")
    func origins() throws {
        let table = try Table()
        let origins: [KnownHead.Origin] = [
            .nobody, .init(listener: 1, identity: nil), .init(listener: 0, identity: "a"),
            .init(listener: 0, identity: "b"),
            .init(listener: 0, identity: ""),
        ]
        for origin in origins {
            let known = try table.enter(get("/"), from: origin)
            for other in origins { #expect((table.find(get("/"), from: other) === known) == (other == origin)) }
            table.heads.forgetAll()
            for other in origins { #expect(table.find(get("/"), from: other) == nil) }
        }
        for origin in origins { try table.enter(get("/"), from: origin) }
        #expect(table.heads.count == 4, "beside each other, as far as there is room")
    }

    @Test("a head that differs in one byte, or in its length, is another one", arguments: 16...40)
    func everyByte(count: Int) throws {
        let table = try Table()
        let bytes = (0..<count).map { UInt8(0x40 + $0) }
        let known = try table.enter(String(decoding: bytes, as: UTF8.self))
        #expect(known.matches(bytes))
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << UInt8(bit)
                #expect(!known.matches(other), "byte \(index)")
            }
        }
        #expect(!known.matches(bytes + [0]))
        #expect(!known.matches(bytes.dropLast()))
    }

    @Test("at most 64, whoever sends what, and all of it is charged and given back")
    func capacity() throws {
        let table = try Table()
        for number in 0..<2000 { try table.enter(Self.text(number)) }
        #expect(table.heads.count == 64)
        let left = (0..<2000).filter { table.find(Self.text($0)) != nil }
        #expect(left.count == 64)
        #expect(table.budget.used == left.map { Self.text($0).utf8.count }.reduce(0, +))
        table.heads.forgetAll()
        #expect(table.heads.count == 0 && table.budget.used == 0)
        #expect(table.heads.sight(table.head(Self.text(1999))) == nil, "not even that it was seen is left")
    }

    @Test("of four, the one that was not asked for longest makes room")
    func eviction() throws {
        let table = try Table()
        // Those of one set: the hash says which.
        let texts = (0..<1000).map(Self.text).filter { (table.hash(of: $0) ?? 0) % 16 == 3 }
        try #require(texts.count > 8)
        for text in texts[0..<4] { try table.enter(text) }
        for asked in [0, 2, 3] { #expect(table.find(texts[asked]) != nil) }
        try table.enter(texts[4])
        #expect((0..<5).filter { table.find(texts[$0]) != nil } == [0, 2, 3, 4])
        #expect(table.find(texts[0]) != nil)
        try table.enter(texts[5])
        #expect((0..<6).filter { table.find(texts[$0]) != nil } == [0, 3, 4, 5])
    }

    @Test("one with the hash of another takes its place")
    func sameHash() throws {
        let table = try Table()
        let hash = try #require(table.hash(of: get("/")))
        table.heads.remember(table.known(get("/a/longer/one"), hash: hash))
        #expect(table.find(get("/")) == nil, "the hash alone finds nothing")
        table.heads.remember(table.known(get("/"), hash: hash))
        #expect(table.heads.count == 1 && table.find(get("/")) != nil)
        #expect(table.budget.used == get("/").utf8.count)
    }

    @Test("nothing is entered when what is kept for connections leaves no room, and nothing is charged then")
    func full() throws {
        let table = try Table(.bytes(1000))
        _ = table.budget.charge(995)
        try table.enter(get("/"))
        #expect(table.heads.count == 0 && table.budget.used == 995)
    }

    @Test("a table that goes gives back what it has charged")
    func gone() throws {
        let budget = try {
            let table = try Table()
            try table.enter(get("/"))
            #expect(table.budget.used == get("/").utf8.count)
            return table.budget
        }()
        #expect(budget.used == 0)
    }

    private static let ways: [@Sendable (Table, KnownHead) -> Void] = [
        { $0.heads.forget($1) },
        { table, _ in table.heads.forgetAll() },
        { table, known in table.heads.remember(table.known("", hash: known.hash)) },
    ]

    @Test("of one that is forgotten or makes room, nothing is left in memory", arguments: ways.indices)
    func wiped(way: Int) throws {
        let table = try Table()
        let known = try table.enter(get("/"))
        Self.ways[way](table, known)
        #expect(table.find(get("/")) == nil)
        let nothing = [UInt8](repeating: 0, count: get("/").utf8.count)
        #expect(known.matches(nothing))
        #expect(table.budget.used == 0)
    }

    @Test("forgetting one leaves the others, and one that is not there leaves all")
    func forget() throws {
        let table = try Table()
        table.heads.forget(table.known(get("/"), hash: 1))
        let known = try table.enter(get("/"))
        try table.enter(get("/other"))
        table.heads.forget(table.known(get("/"), hash: known.hash))
        #expect(table.heads.count == 2)
        table.heads.forget(known)
        #expect(table.find(get("/")) == nil && table.find(get("/other")) != nil)
    }

    private struct Keeper: Middleware {
        let generation: UInt64
        func admit(_ request: Request) -> Admission { .admit(generation: generation) }
    }

    @Test(
        "it is admitted while the generation of everybody who was asked lasts",
        arguments: [
            ([], [], true), ([1], [1], true), ([1], [2], false), ([1, 5], [1, 5], true), ([1, 5], [1, 6], false),
            ([1, 5], [2, 5], false), ([1], [1, 1], false), ([1, 1], [1], false),
        ] as [([UInt64], [UInt64], Bool)]
    )
    func generations(admitted: [UInt64], now: [UInt64], isAdmitted: Bool) throws {
        let known = try Table().known(get("/"), hash: 1, generations: admitted)
        #expect(known.isAdmitted(by: now.map { Keeper(generation: $0) }) == isAdmitted)
    }
}

extension KnownHead.Origin {
    fileprivate static let nobody = KnownHead.Origin(listener: 0, identity: nil)
}

extension KnownHead {
    fileprivate func matches(_ bytes: [UInt8]) -> Bool {
        unsafe matches(bytes.span.bytes, from: .nobody)
    }
}
