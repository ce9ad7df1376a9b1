@testable import AsyncHTTP

extension WireCase {
    /// What is refused once, whatever stands behind it.
    static let malformed: [WireCase] =
        heads + [
            WireCase(get("/stream") + "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", ["one,two,three", 400], .closed),
            WireCase(get("/") + "nonsense\r\n\r\n", [.ok, 400], .closed),
            WireCase(post("/collect", "abc") + "abc\r\n\r\n", ["abc", 400], .closed),
        ]
        + ["x\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "0\r\nbad line\r\n\r\n", "0\r\nHost: a\r\n\r\n", "3\r\nabc"].map {
            chunks in
            // The last one is not malformed before what stands behind it.
            WireCase(postChunked("/collect") + chunks + "x", [400], .closed)
        }

    private static let heads: [WireCase] = [
        ("GET /\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/01.01\r\nHost: a\r\n\r\n", 400),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501), ("NOPE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("nonsense\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\0", 400), (get("/", "Expect: 200-ok"), 417),
    ].map { WireCase($0, [$1], .closed) }

    /// What goes beyond a limit, or ends too early.
    static let excessive: [WireCase] = limits + cutOff

    private static let limits: [WireCase] = [
        WireCase("GET /\(String(repeating: "a", count: 8192)) HTTP/1.1\r\nHost: a\r\n\r\n", [414], .closed),
        WireCase(get("/", Array(repeating: "A: b", count: 100).joined(separator: "\r\n")), [431], .closed),
        WireCase(get("/", "A: \(String(repeating: "b", count: 17_000))"), [431], .closed),
        WireCase(get("/", "A: 1"), [.ok], .kept).limited { $0.request.headerCount = 2 },
        WireCase(get("/", "A: 1", "B: 2"), [431], .closed).limited { $0.request.headerCount = 2 },
        WireCase("\r\n\r\n" + get("/"), [400], .closed).limited { $0.request.leadingEmptyLines = 1 },
        WireCase(post("/collect", "12345678"), ["12345678"], .kept).limited { $0.body = .bytes(8) },
        WireCase(post("/collect", "123456789"), [413], .closed).limited { $0.body = .bytes(8) },
        WireCase(postChunked("/collect") + "8\r\n12345678\r\n0\r\n\r\n", ["12345678"], .kept).limited {
            $0.body = .bytes(8)
        },
        WireCase(postChunked("/collect") + "9\r\n123456789\r\n0\r\n\r\n", [413], .closed).limited {
            $0.body = .bytes(8)
        },
        WireCase("POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", [413], .closed),
        WireCase(postChunked("/collect") + "11111111111111111\r\n", [413], .closed),
        WireCase(postChunked("/collect") + "FFFFFFFFFFFFFFFFF\r\n", [413], .closed),
        WireCase(postChunked("/collect") + "1;\(String(repeating: "x", count: 1024))", [413], .closed),
        WireCase(postChunked("/collect") + "0\r\n\(String(repeating: "a:\r\n", count: 101))\r\n", [431], .closed),
        WireCase(postChunked("/collect") + "0\r\na:\(String(repeating: "x", count: 17_000))", [431], .closed),
    ]

    private static let cutOff: [WireCase] =
        [
            "", "\r\n", "G", "GET / HTT", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r",
            "POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", postChunked("/collect"),
            postChunked("/collect") + "3", postChunked("/collect") + "3\r\nab", postChunked("/collect") + "3\r\nabc\r",
            postChunked("/collect") + "3\r\nabc\r\n0\r\n", postChunked("/collect") + "3\r\nabc\r\n0\r\nT: v\r\n\r",
        ].map { WireCase($0, [], .waits) } + [
            WireCase(get("/") + get("/stream") + "GET", [.ok, "one,two,three"], .waits),
            WireCase("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc", [.ok], .waits),
            WireCase(postChunked("/") + "3\r\nab", [.ok], .waits),
        ]

    /// Some of every kind, short enough to be cut at every position over a socket, too.
    static let everyKind: [WireCase] = [messages, handlers, malformed, excessive, smuggling, grammar].flatMap { cases in
        let short = cases.filter { $0.sent.count <= 120 }
        return stride(from: 0, to: short.count, by: max(1, short.count / 12)).map { short[$0] }
    }
}
