@testable import AsyncHTTP

extension WireCase {
    private static let trailed = "3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\nTrailer: t\r\n\r\n"
    private static let long = String(repeating: "0123456789abcdef", count: 300)
    private static let longChunks = "12c0\r\n\(long)\r\n0\r\n\r\n"
    private static let expect = "Expect: 100-continue"

    /// Requests as they should be, one or many.
    static let messages: [WireCase] = persistence + bodies + expectations + unusual

    private static let persistence: [WireCase] = [
        WireCase(get("/"), [.ok], .kept),
        WireCase(get("/") + get("/stream") + get("/"), [.ok, WireAnswer("one,two,three"), .ok], .kept),
        WireCase(get("/", "Connection: close"), [.ok], .closed),
        WireCase(get("/", "Connection: x, CLOSE") + get("/"), [.ok], .closed),
        WireCase(get("/", "Connection: keep-alive", "Connection: close") + get("/"), [.ok], .closed),
        WireCase(
            get("/stream") + get("/stream", "Connection: close"),
            Array(repeating: "one,two,three", count: 2),
            .closed
        ),
        WireCase("GET / HTTP/1.0\r\n\r\n", [.ok], .closed),
        WireCase("GET / HTTP/1.0\r\n\r\n" + get("/"), [.ok], .closed),
        WireCase("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [.ok], .kept),
        WireCase("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", [.ok, .ok], .closed),
        WireCase("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", [.head(200)], .kept),
        WireCase("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"), [.head(200), .ok], .kept),
        WireCase("HEAD / HTTP/1.0\r\n\r\n", [.head(200)], .closed),
        WireCase("HEAD /throw HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"), [.head(500)], .closed),
        WireCase(String(repeating: get("/"), count: 70), Array(repeating: .ok, count: 70), .kept),
        WireCase((0..<70).map { post("/collect", "\($0)") }.joined(), (0..<70).map { WireAnswer("\($0)") }, .kept),
        WireCase(String(repeating: get("/"), count: 20), Array(repeating: .ok, count: 20), .kept)
            .limited { $0.pipelinedRequests = 1 },
    ]

    private static let bodies: [WireCase] = [
        WireCase(post("/collect", "abcdefgh"), ["abcdefgh"], .kept),
        WireCase(post("/collect", "abc") + postChunked("/collect") + trailed, ["abc", "abcdefgh"], .kept),
        WireCase(postChunked("/collect") + trailed + get("/"), ["abcdefgh", .ok], .kept),
        WireCase(postChunked("/collect") + "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n00\r\n\r\n", ["abc"], .kept),
        WireCase(postChunked("/collect") + "0\r\nA: b\r\nC: d\r\n\r\n", [""], .kept),
        WireCase(post("/collect", ""), [""], .kept),
        WireCase(post("/pieces", "") + get("/pieces"), ["0 true\n", "0 true\n"], .kept),
        WireCase(post("/pieces", long), ["4800 true\n"], .kept),
        WireCase(
            post("/collect", long) + postChunked("/collect") + longChunks,
            [WireAnswer(long), WireAnswer(long)],
            .kept
        ),
        WireCase(
            post("/echo-stream", long) + postChunked("/echo-stream") + longChunks + get("/"),
            [WireAnswer(long), WireAnswer(long), .ok],
            .kept
        ),
        WireCase("POST /echo-stream HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", ["abc"], .closed),
        WireCase("POST /collect HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc" + get("/"), ["abc"], .closed),
        // What a handler leaves is thrown away, and the next request is found behind it.
        WireCase(post("/", get("/evil") + get("/evil")) + post("/collect", "next"), [.ok, "next"], .kept),
        WireCase(postChunked("/") + trailed + post("/", long) + post("/collect", "next"), [.ok, .ok, "next"], .kept),
        WireCase(get("/", "Content-Length: 3") + "abc" + get("/"), [.ok, .ok], .kept),
        WireCase(post("/collect", "0123456789abcdef") + get("/"), ["0123456789abcdef", .ok], .kept)
            .limited { $0.receivedAtOnce = .bytes(7) },
        WireCase(postChunked("/collect") + trailed + get("/"), ["abcdefgh", .ok], .kept)
            .limited { $0.receivedAtOnce = .bytes(1) },
    ]

    private static let expectations: [WireCase] = [
        WireCase(post("/collect", "def", expect), ["def"], .kept),
        WireCase(post("/collect", "def", expect) + post("/collect", "ghi", expect), ["def", "ghi"], .kept),
        WireCase(postChunked("/collect", expect) + trailed, ["abcdefgh"], .kept),
        WireCase(get("/", expect), [.ok], .kept), WireCase(post("/collect", "", expect), [""], .kept),
        WireCase("POST /collect HTTP/1.0\r\n\(expect)\r\nContent-Length: 1\r\n\r\na", ["a"], .closed),
        // Nobody knows whether the peer sends a body that was not asked for.
        WireCase(post("/", "def", expect), [.ok], .closed),
        WireCase(postChunked("/", expect) + trailed, [.ok], .closed),
        WireCase(postChunked("/echo-stream", expect) + trailed, ["abcdefgh"], .closed),
        WireCase("POST /collect HTTP/1.1\r\nHost: a\r\n\(expect)\r\nContent-Length: 2\r\n\r\n", [], .waits),
    ]

    private static let unusual: [WireCase] =
        [
            WireCase("\r\n\r\n" + get("/") + "\r\n" + get("/"), [.ok, .ok], .kept),
            WireCase("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", [.ok], .kept),
            WireCase("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", [.ok], .kept),
            WireCase("GET /?collect[]=a&b=%20 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", [.ok], .kept),
            WireCase("GET /a%20b HTTP/1.1\r\nhOST:\ta \t\r\nempty:\r\n\r\n", [.ok], .kept),
            WireCase(latin(get("/", "X: \u{FF} obs-text")), [.ok], .kept),
            WireCase(get("/", "!#$%&'*+-.^_`|~09azAZ: v"), [.ok], .kept),
            WireCase(postChunked("/collect") + "5;a=b;c=\"d e\"\r\nhello\r\n0\r\nT: v\r\n\r\n", ["hello"], .kept),
            WireCase(
                "POST /collect HTTP/1.1\r\nHost: a\r\ntransfer-encoding:\tCHUNKED \r\n\r\n1\r\na\r\n0\r\n\r\n",
                ["a"],
                .kept
            ),
            WireCase("POST /collect HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 003\r\n\r\nabc", ["abc"], .kept),
        ]
        + [.put, .delete, .options, .trace, .patch].map { (method: HTTPMethod) in
            WireCase("\(method.name) / HTTP/1.1\r\nHost: a\r\n\r\n", [.ok], .kept)
        }

    /// One byte for each character.
    static func latin(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
