import Testing

@testable import AsyncHTTP

@Suite("Limits hold to the byte")
struct RequestLimitsTests {
    /// A valid request whose request line has `count` bytes.
    static func line(_ count: Int) -> String {
        "GET /" + String(repeating: "a", count: count - 14) + " HTTP/1.1"
    }

    @Test("a request line passes at its limit, and one byte more is 414", arguments: [15, 40])
    func requestLine(_ limit: Int) {
        let limits = RequestLimits(requestLine: limit)
        for count in [limit - 1, limit] {
            let text = Self.line(count) + "\r\nHost: a\r\n\r\n"
            guard case .complete(_, text.utf8.count) = parseRequest(text, limits: limits) else {
                Issue.record("refused at \(count)")
                return
            }
        }
        #expect(parseRequest(Self.line(limit + 1), limits: limits) == .refused(.requestLineTooLong))
    }

    @Test(
        "an endless request line is refused at the first byte beyond the limit, wherever it stands",
        arguments: ["GET ", "GET /", "GET /?", "GET /%", "GET http://", "GET / HTTP/1", "OPTIONS *", "DELET", "D"]
    )
    func endlessLine(_ text: String) {
        let limits = RequestLimits(requestLine: text.utf8.count)
        #expect(parseRequest(text, limits: limits) == .incomplete)
        let fitting = ["DELET": "E", "D": "E", "OPTIONS *": " ", "GET http://": "a", "GET / HTTP/1": "."]
        #expect(parseRequest(text + fitting[text, default: "1"], limits: limits) != .incomplete)
        let longer = text == "GET " ? "/" : fitting[text, default: "1"]
        #expect(parseRequest(text + longer, limits: limits) == .refused(.requestLineTooLong))
    }

    @Test("the default request line limit is 8 KiB")
    func defaultRequestLine() {
        for (count, isTooLong) in [(8191, false), (8192, false), (8193, true)] {
            var parser = RequestParser(limits: RequestLimits())
            let bytes = Array(Self.line(count).utf8)
            switch step(&parser, bytes.span) {
            case .success(.incomplete): #expect(!isTooLong)
            case .failure(let error): #expect(isTooLong && error == .requestLineTooLong)
            case .success(.complete): Issue.record("complete")
            }
        }
    }

    @Test("field lines pass at their limit, and one byte more is 431", arguments: [10, 17, 64])
    func headerBytes(_ limit: Int) {
        let limits = RequestLimits(headerBytes: limit)
        for count in [limit - 1, limit, limit + 1] {
            let line = "X:" + String(repeating: "a", count: count - 4)
            let outcome = parseRequest("GET / HTTP/1.0\r\n\(line)\r\n\r\n", limits: limits)
            if count <= limit {
                #expect(
                    outcome == .complete("GET / http10 [X: \(line.dropFirst(2))] none close", consumed: 20 + count - 2)
                )
            } else {
                #expect(outcome == .refused(.field(.tooManyBytes)))
            }
        }
    }

    @Test(
        "endless field lines are refused at the first byte beyond the limit, wherever it stands",
        arguments: ["X", "Xyz:", "X: ", "X: abc", "Host: a", "Content-Length: 1", "X: a\r", "X: a\r\n", "X: a\r\nY"]
    )
    func endlessFields(_ text: String) {
        let limits = RequestLimits(headerBytes: text.utf8.count)
        let head = "GET / HTTP/1.0\r\n"
        #expect(parseRequest(head + text, limits: limits) == .incomplete)
        let next = text.hasSuffix("\r") ? "\n" : "1"
        #expect(parseRequest(head + text + next, limits: limits) == .refused(.field(.tooManyBytes)))
    }

    @Test("the default limit for field lines is 16 KiB")
    func defaultHeaderBytes() {
        for (count, isTooLong) in [(16383, false), (16384, false), (16385, true)] {
            var parser = RequestParser(limits: RequestLimits())
            let bytes = Array("GET / HTTP/1.0\r\nX:".utf8) + Array(repeating: 0x61, count: count - 2)
            switch step(&parser, bytes.span) {
            case .success(.incomplete): #expect(!isTooLong)
            case .failure(let error): #expect(isTooLong && error == .field(.tooManyBytes))
            case .success(.complete): Issue.record("complete")
            }
        }
    }

    @Test("fields pass at their number, and one more is 431", arguments: [0, 1, 5, 100])
    func headerCount(_ limit: Int) throws {
        let limits = RequestLimits(headerCount: limit)
        for count in [limit - 1, limit] where count >= 0 {
            let text = "GET / HTTP/1.0\r\n" + String(repeating: "X:\r\n", count: count) + "\r\n"
            guard case .complete(_, text.utf8.count) = parseRequest(text, limits: limits) else {
                Issue.record("refused at \(count)")
                return
            }
        }
        let text = "GET / HTTP/1.0\r\n" + String(repeating: "X:\r\n", count: limit) + "X"
        #expect(parseRequest(text, limits: limits) == .refused(.field(.tooManyFields)))
        #expect(RequestLimits().headerCount == 100)
    }

    @Test("empty lines before a request pass up to their number", arguments: [0, 1, 4])
    func leadingEmptyLines(_ limit: Int) {
        let limits = RequestLimits(leadingEmptyLines: limit)
        for count in [limit - 1, limit] where count >= 0 {
            let text = String(repeating: "\r\n", count: count) + "GET / HTTP/1.0\r\n\r\n"
            #expect(
                parseRequest(text, limits: limits) == .complete("GET / http10 [] none close", consumed: text.utf8.count)
            )
        }
        let text = String(repeating: "\r\n", count: limit) + "\r"
        #expect(parseRequest(text, limits: limits) == .refused(.tooManyEmptyLines))
    }

    @Test("empty lines are counted for each request anew")
    func emptyLinesPerRequest() throws {
        let bytes = Array("\r\nGET / HTTP/1.0\r\n\r\n".utf8)
        var parser = RequestParser(limits: RequestLimits(leadingEmptyLines: 1))
        for _ in 0..<3 {
            guard case .complete = try step(&parser, bytes.span).get() else { throw Incomplete() }
        }
    }

    @Test("leading empty lines do not count towards the request line")
    func emptyLinesApart() {
        let text = "\r\n\r\nGET / HTTP/1.0\r\n\r\n"
        let limits = RequestLimits(requestLine: 14)
        #expect(parseRequest(text, limits: limits) == .complete("GET / http10 [] none close", consumed: 22))
    }

    @Test("limits that make no sense refuse everything instead of trapping", arguments: [Int.min, -1, 0])
    func nonsense(_ limit: Int) {
        let limits = RequestLimits(
            requestLine: limit,
            headerBytes: limit,
            headerCount: limit,
            leadingEmptyLines: limit
        )
        #expect(parseRequest("GET / HTTP/1.1\r\n", limits: limits) == .refused(.requestLineTooLong))
    }

    @Test("limits without bound are taken as very large")
    func unbounded() {
        let limits = RequestLimits(
            requestLine: .max,
            headerBytes: .max,
            headerCount: .max,
            leadingEmptyLines: .max
        )
        #expect(
            parseRequest("\r\nGET / HTTP/1.0\r\nA:b\r\n\r\n", limits: limits)
                == .complete("GET / http10 [A: b] none close", consumed: 25)
        )
    }
}
