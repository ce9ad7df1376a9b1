import Testing

@testable import AsyncHTTP

@Suite("Request targets")
struct RequestTargetTests {
    struct Parts: Equatable {
        var form: RequestTarget.Form
        var path: String
        var query: String?
        var authority: String?
    }

    static let accepted: [(HTTPMethod, String, Parts)] = [
        (.get, "/", Parts(form: .origin, path: "/")),
        (.get, "/a/b/", Parts(form: .origin, path: "/a/b/")),
        (.get, "//a//b", Parts(form: .origin, path: "//a//b")),
        (.get, "/a/../b/.", Parts(form: .origin, path: "/a/../b/.")),
        (.get, "/a?", Parts(form: .origin, path: "/a", query: "")),
        (.get, "/test.cgi?foo=bar?baz", Parts(form: .origin, path: "/test.cgi", query: "foo=bar?baz")),
        (.get, "/m?collect[]=cpu&x=/%20", Parts(form: .origin, path: "/m", query: "collect[]=cpu&x=/%20")),
        (.get, "/-._~!$&'()*+,;=:@", Parts(form: .origin, path: "/-._~!$&'()*+,;=:@")),
        (.get, "/%41%2f%c3%A9", Parts(form: .origin, path: "/%41%2f%c3%A9")),
        (.get, "http://a", Parts(form: .absolute, path: "/", authority: "a")),
        (.get, "HTTP://a:80/", Parts(form: .absolute, path: "/", authority: "a:80")),
        (.get, "https://[::1]:1/x?y", Parts(form: .absolute, path: "/x", query: "y", authority: "[::1]:1")),
        (.get, "http://a?x", Parts(form: .absolute, path: "/", query: "x", authority: "a")),
        (.get, "http://a:", Parts(form: .absolute, path: "/", authority: "a:")),
        (.options, "*", Parts(form: .asterisk, path: "*")),
        (.options, "/x", Parts(form: .origin, path: "/x")),
        (.connect, "a.b:443", Parts(form: .authority, path: "", authority: "a.b:443")),
        (.connect, "home_0.netscape.com:443", Parts(form: .authority, path: "", authority: "home_0.netscape.com:443")),
    ]

    @Test("the parts of a target are found", arguments: accepted)
    func accepts(_ method: HTTPMethod, _ text: String, _ parts: Parts) throws {
        let target = try RequestTarget(text, for: method)
        #expect(
            Parts(form: target.form, path: target.path, query: target.query, authority: target.authority) == parts
        )
        #expect(target.text == text)
        let head = try requestHead("\(method.name) \(text) HTTP/1.0\r\n\r\n")
        #expect(head.target.text == text && head.target.path == parts.path && head.target.query == parts.query)
    }

    static let refused: [(HTTPMethod, String, RequestError)] =
        [
            (.get, "*", .targetFormNotAllowed),
            (.connect, "/", .targetFormNotAllowed),
            (.options, "*/", .invalidTarget),
            (.options, "**", .invalidTarget),
            (.get, "a", .invalidTarget),
            (.get, "ftp:", .invalidTarget),
            (.get, "httpx", .invalidTarget),
            (.get, "httpss", .invalidTarget),
            (.get, "http:/a", .invalidTarget),
            (.get, "http:// ", .invalidAuthority),
            (.get, "http:///", .invalidAuthority),
            (.get, "http://?", .invalidAuthority),
            (.get, "http://:", .invalidAuthority),
            (.get, "http://u@", .invalidAuthority),
            (.get, "http://a%12:b", .invalidAuthority),
            (.get, "http://a:99999", .invalidAuthority),
            (.get, "http://a#", .invalidAuthority),
            (.get, "http ", .invalidTarget),
            (.connect, "a ", .invalidAuthority),
            (.connect, "a: ", .invalidAuthority),
            (.connect, "a:1/", .invalidAuthority),
            (.connect, "http:/", .invalidAuthority),
            (.get, "/%g", .invalidEscape),
            (.get, "/%4g", .invalidEscape),
            (.get, "/%4 ", .invalidEscape),
            (.get, "/% ", .invalidEscape),
            (.get, "/%00", .invalidEscape),
            (.get, "/?%00", .invalidEscape),
            (.get, "/?%%", .invalidEscape),
            (.get, "/[", .invalidTarget),
            (.get, "/]", .invalidTarget),
            (.get, "/a#", .invalidTarget),
            (.get, "/?a#", .invalidTarget),
            (.get, "/é", .invalidTarget),
            (.get, "/?é", .invalidTarget),
            (.get, "/\0", .invalidTarget),
            (.get, "/\u{7F}", .invalidTarget),
            (.get, "/\u{1}", .invalidTarget),
        ]
        + "\"<>\\^`{|}".flatMap { [(.get, "/\($0)", .invalidTarget), (.get, "/?\($0)", .invalidTarget)] }

    @Test("a target that could be read in two ways is refused at the offending byte", arguments: refused)
    func refuses(_ method: HTTPMethod, _ text: String, _ error: RequestError) {
        #expect(parseRequest("\(method.name) \(text)") == .refused(error))
        if !text.hasSuffix(" ") {
            #expect(throws: error) { try RequestTarget(text, for: method) }
        }
    }

    @Test(
        "text that is more than one target is refused",
        arguments: ["", " ", "/a b", "/ ", "/\r\n", "/\n", "/%", "/%2"]
    )
    func notOne(_ text: String) {
        #expect(throws: RequestError.self) { try RequestTarget(text) }
    }

    @Test(
        "escapes are decoded once, except that of the slash",
        arguments: [
            ("/metrics", "/metrics"), ("/%6Detrics", "/metrics"), ("/%6detrics", "/metrics"), ("/a%2Fb", "/a%2Fb"),
            ("/a%2fb", "/a%2Fb"), ("/%252F", "/%2F"), ("/%25", "/%"), ("/a%20b%3F%23", "/a b?#"),
            ("/%C3%A9", "/é"), ("/%FF", "/\u{FFFD}"), ("/%2E%2E/a", "/../a"), ("http://a", "/"),
        ]
    )
    func decoding(_ text: String, _ decoded: String) throws {
        let target = try RequestTarget(text)
        #expect(target.decodedPath == decoded)
        #expect(target.hasEscapes == text.contains("%"))
    }

    @Test("escapes in the query do not concern the path")
    func queryEscapes() throws {
        #expect(try !RequestTarget("/a?%41").hasEscapes)
    }

    @Test("the raw path is compared in place, exactly")
    func comparison() throws {
        let target = try RequestTarget("/metrics?x")
        #expect(target.pathEquals("/metrics") && target.pathEquals(Array("/metrics".utf8)))
        for other in ["/metric", "/metrics/", "/Metrics", "/metrics?x", ""] {
            #expect(!target.pathEquals(other) && !target.pathEquals(Array(other.utf8)))
        }
        let root = try RequestTarget("http://a?x=1")
        #expect(root.pathEquals("/") && root.pathEquals([0x2F]))
        #expect(target.withQuery { $0.count } == 1)
        #expect(try RequestTarget("/").withQuery { $0.count } == nil)
        #expect(root.withPath { $0.count } == 1)
    }

    @Test("a head can be made by hand, to try a handler")
    func byHand() throws {
        let head = RequestHead(method: .get, target: try RequestTarget("/a"))
        #expect(head.summary == "GET /a http11 [] none keep-alive")
    }
}
