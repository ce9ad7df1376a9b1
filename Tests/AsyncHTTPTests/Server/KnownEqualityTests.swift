import Testing

@testable import AsyncHTTP

@Suite("Known heads: nobody can tell from the answers")
struct KnownEqualityTests {
    private static let codes = ["/no-content": 204, "/reset": 205, "/not-modified": 304, "/missing": 404]

    /// Answers with everything that was asked, so that one answer is not taken for another.
    private static func answer(_ head: RequestHead) throws -> PreparedResponse {
        let fields = head.fields.map { "\($0.name)=\($0.value)" }
        let text = "\(head.method) \(head.target.path) \(head.version) \(fields)"
        let status = try HTTPStatus(code: codes[head.target.path] ?? 200, reason: "Done")
        return try PreparedResponse(.text(text, status: status))
    }

    /// What a server whose handler is always asked says to some segments, each sent when all before it has been answered, and
    /// what two say whose answers stand: one finds them before its handler is asked, the other's handler gives them. And what
    /// they count.
    private static func compare(
        _ sessions: [[[UInt8]]],
        over transfers: Transfers = Transfers(),
        isSomeKnown: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (asked, never) = (Log<Int>(), Log<Int>())
        let plain: RequestHandler = { request, responder in
            never.append(1)
            return try await responder.send(try answer(request.head))
        }
        let remembering: RequestHandler = { request, responder in
            asked.append(1)
            let response = try answer(request.head)
            return try await responder.send(response, standing: response)
        }
        let servers: [(StandingAnswers?, RequestHandler)] = [
            (nil, plain), (nil, remembering), ({ try? answer($0) }, { try await $1.send(try answer($0.head)) }),
        ]
        var all: [[String]] = []
        var statistics: [ServerStatistics] = []
        for (standing, handler) in servers {
            let log = Log<(answers: [String], statistics: ServerStatistics)>()
            try withMemoryServer(standing: standing, handler: handler) { server in
                var answers: [String] = []
                for session in sessions {
                    let peer = await server.connect(over: transfers)
                    for segment in session { answers.append(await server.exchange(segment, with: peer)) }
                }
                await server.close()
                log.append((answers, server.statistics))
            }
            all += log.entries.map(\.answers)
            statistics += log.entries.map(\.statistics)
        }
        let texts = sessions.flatMap { $0 }.map { String(decoding: $0, as: UTF8.self).debugDescription }
        for other in 1..<all.count {
            for (index, text) in texts.enumerated() where all[0][index] != all[other][index] {
                Issue.record("\(text): \(all[other][index]) is not \(all[0][index])", sourceLocation: sourceLocation)
            }
            #expect(statistics[0] == statistics[other], sourceLocation: sourceLocation)
        }
        let isNoneKnown = asked.entries.count == never.entries.count
        #expect(!isSomeKnown || !isNoneKnown, "nothing was known", sourceLocation: sourceLocation)
    }

    private static func compare(_ sessions: [[String]], sourceLocation: SourceLocation = #_sourceLocation) throws {
        try compare(sessions.map { $0.map { Array($0.utf8) } }, sourceLocation: sourceLocation)
    }

    private static let known = get("/known", "Accept: */*")

    private static let requests =
        RequestParserTests.accepted.map(\.0)
        + RequestRejectionTests.lines.map { $0.0 + "more\r\n\r\n" }
        + (RequestRejectionTests.fields + RequestRejectionTests.semantics).map {
            "GET / HTTP/1.1\r\n\($0.0)more\r\n\r\n"
        }
        + codes.keys.sorted().map { get($0) }
        + [
            get("/"), "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", post("/", "abc"), get("/", "Connection: close"),
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            get("/?a=b"), get("http://a/"), get("/%2e"), get("/") + get("/"), get("/") + "GET", "GET",
            "\r\n" + get("/"),
            get("/", "X: \(String(repeating: "x", count: 3000))"), get("/", "Cookie: a=b", "Cookie: c=d"),
        ]

    @Test("each request, three times in a row, on a connection on which all else is known", arguments: requests)
    func repeated(request: String) throws {
        try Self.compare([
            [Self.known, Self.known, Self.known, request, request, request, Self.known],
            [Self.known, request, Self.known, request, Self.known, request, Self.known],
            [request, Self.known, request],
            [Self.known, Self.known],
        ])
    }

    @Test("known and unknown ones, split at every byte")
    func split() throws {
        let (known, other) = (Array(Self.known.utf8), Array(get("/other").utf8))
        let warm = [known, known, known]
        for request in [known, other] {
            try Self.compare((1..<request.count).map { warm + [Array(request[..<$0]), Array(request[$0...]), known] })
        }
        try Self.compare([warm + known.map { [$0] } + [known]])
    }

    @Test("two in one segment, and one with the beginning of the next")
    func together() throws {
        let (known, other) = (Array(Self.known.utf8), Array(get("/other").utf8))
        let warm = [known, known, known]
        try Self.compare([
            warm + [known + known, known], warm + [known + other, other + known, known + known + known],
        ])
        for next in [known, other] {
            try Self.compare((1..<next.count).map { warm + [known + next[..<$0], Array(next[$0...]), known] })
        }
    }

    @Test("as the network delivers them, alone, in part or together", arguments: 1...12)
    func rough(seed: Int) throws {
        var transfers = Transfers()
        transfers.piece = [Self.known.utf8.count, 40, 100][seed % 3]
        transfers.isUneven = seed % 2 == 0
        transfers.stalls = seed % 4 * 2
        transfers.room = 150
        transfers.window = 400
        transfers.seed = UInt64(seed)
        let session = (0..<60).flatMap { Array(($0 % 7 == 3 ? get("/\($0)") : Self.known).utf8) }
        let alone = [[UInt8]](repeating: Array(Self.known.utf8), count: 5)
        let isWhole = transfers.piece > 40 && !transfers.isUneven
        try Self.compare([alone + [session], [session], alone], over: transfers, isSomeKnown: isWhole)
    }
}
