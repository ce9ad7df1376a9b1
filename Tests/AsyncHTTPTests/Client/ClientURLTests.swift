import Testing

@testable import AsyncHTTP

@Suite("Client: URLs")
struct ClientURLTests {
    @Test(
        "a URL names a server and what is asked of it",
        arguments: [
            ("http://a", "a", "/", "http://a/"), ("http://a:80/", "a", "/", "http://a/"),
            ("HTTP://a/b", "a", "/b", "http://a/b"),
            ("http://a:8080/b?c", "a:8080", "/b?c", "http://a:8080/b?c"), ("http://a?c", "a", "/?c", "http://a/?c"),
            ("http://[::1]/", "[::1]", "/", "http://[::1]/"), ("http://[::1]:9/x", "[::1]:9", "/x", "http://[::1]:9/x"),
            ("http://127.0.0.1:65535", "127.0.0.1:65535", "/", "http://127.0.0.1:65535/"),
            ("http://Host.Example/A", "host.example", "/A", "http://host.example/A"),
            ("unix:/run/a.sock", "localhost", "/", "unix:/run/a.sock:/"),
            ("unix:/run/a.sock:/x?y:z", "localhost", "/x?y:z", "unix:/run/a.sock:/x?y:z"),
            ("unix:/run/a.sock:", "localhost", "/", "unix:/run/a.sock:/"),
        ]
    )
    func parsed(text: String, host: String, target: String, written: String) throws {
        let url = try ClientURL(text)
        #expect(url.endpoint.description == host)
        #expect(url.target == target)
        #expect(url.description == written)
        #expect(try ClientURL(written) == url)
    }

    @Test(
        "anything else is an error that says what is wrong",
        arguments: [
            ("", "begins neither"), ("a:80", "begins neither"), ("ftp://a", "begins neither"),
            ("https://", "no host"), ("https://a:0/", "port"), ("http://", "no host"), ("http://:80", "no host"),
            ("http:///x", "no host"),
            ("http://a:", "port"), ("http://a:0", "port"), ("http://a:65536", "port"), ("http://a:+1", "port"),
            ("http://a:x", "port"), ("http://a:000080", "port"), ("http://::1/", "brackets"),
            ("http://[::1/", "brackets"),
            ("http://[a]/", "no IPv6 address"), ("http://[127.0.0.1]/", "no IPv6 address"),
            ("http://u:p@a/", "password"),
            ("http://a/b c", "spaces"), ("http://a/\r\n", "spaces"), ("http://\u{e4}/", "non-ASCII"),
            ("http://a/#x", "fragment"),
            ("http://ho<st\"x:80/", "host is not"), ("http://a%/", "host is not"), ("http://a\\b/", "host is not"),
            ("http://localhost:1/a\"b<c>", "not allowed"), ("http://a/{x}", "not allowed"),
            ("http://a/?x=^", "not allowed"),
            ("http://a/%zz", "percent"), ("http://a/%00", "percent"), ("unix:/a:/b|c", "not allowed"),
            ("unix:", "absolute"), ("unix:a", "absolute"), ("unix:/\(String(repeating: "p", count: 107))", "107"),
        ]
    )
    func refused(text: String, reason: String) {
        let error = #expect(throws: ClientURLError.self) { try ClientURL(text) }
        #expect(error?.description.contains(reason) == true)
    }
}
