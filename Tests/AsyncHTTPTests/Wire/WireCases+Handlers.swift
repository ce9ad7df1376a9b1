@testable import AsyncHTTP

extension WireCase {
    /// What a handler answers, well or badly, and what becomes of the connection.
    static let handlers: [WireCase] = [
        WireCase(get("/no-content") + get("/not-modified"), [204, 304], .kept),
        WireCase("HEAD /no-content HTTP/1.1\r\nHost: a\r\n\r\n", [.head(204)], .kept),
        WireCase(get("/reset-content") + get("/stream-reset"), [205, 205], .kept),
        WireCase(get("/stream"), ["one,two,three"], .kept), WireCase(get("/stream-nothing"), [204], .kept),
        WireCase("GET /stream HTTP/1.0\r\n\r\n", ["one,two,three"], .closed),
        WireCase("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ["one,two,three"], .closed),
        WireCase("GET /stream-nothing HTTP/1.0\r\n\r\n", [204], .closed),
        WireCase(get("/throw"), [500], .closed), WireCase(get("/") + get("/throw") + get("/"), [.ok, 500], .closed),
        WireCase(post("/throw", "abc"), [500], .closed), WireCase(get("/reserved"), [500], .closed),
        WireCase(get("/throw-after"), ["whole\n"], .closed),
        WireCase(get("/throw-midway"), [], .reset), WireCase(get("/") + get("/throw-midway"), [.ok], .reset),
        WireCase("GET /throw-midway HTTP/1.0\r\n\r\n", [200], .reset),
        WireCase(post("/collect-10", "0123456789"), ["0123456789"], .kept),
        WireCase(post("/collect-10", "0123456789a"), [413], .closed),
        WireCase(postChunked("/collect-10") + "b\r\n0123456789a\r\n0\r\n\r\n", [413], .closed),
        WireCase(post("/", "12345678901"), [.ok], .closed).limited { $0.discardedBody = .bytes(10) },
        WireCase(post("/", "1234567890"), [.ok], .kept).limited { $0.discardedBody = .bytes(10) },
        WireCase(postChunked("/") + "b\r\n12345678901\r\n0\r\n\r\n", [.ok], .closed).limited {
            $0.discardedBody = .bytes(10)
        },
        WireCase(postChunked("/") + "zz\r\n", [.ok], .closed),
        WireCase(postChunked("/") + "3\r\nabc\r\n0\r\nHost: a\r\n\r\n", [.ok], .closed),
    ]
}
