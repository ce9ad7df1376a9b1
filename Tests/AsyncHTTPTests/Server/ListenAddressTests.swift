import Testing

@testable import AsyncHTTP

@Suite("Server: listen addresses")
struct ListenAddressTests {
    @Test(
        "an address is read and written in one form",
        arguments: [
            (":8000", ListenAddress.port(8000)), (":0", .port(0)), ("127.0.0.1:80", .host("127.0.0.1", port: 80)),
            ("my-host.example_1:65535", .host("my-host.example_1", port: 65535)), ("[::1]:9", .host("::1", port: 9)),
            ("unix:/run/a.sock", .unix(path: "/run/a.sock")), ("unix:relative", .unix(path: "relative")),
        ]
    )
    func parsed(text: String, address: ListenAddress) {
        #expect(ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "8000", ":", ":65536", ":-1", ":+1", ":1 ", ":000001", "host:", "host:http", "ho st:1", "[::1:1",
            "::1:1",
            "[nonsense]:1", "[127.0.0.1]:1", "[]:1", "a/b:1", "unix:", "unix:\(String(repeating: "p", count: 108))",
            "unix:/a\0b",
        ]
    )
    func refused(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("sockets from systemd have a name of their own")
    func systemd() {
        #expect("\(ListenAddress.systemd)" == "systemd")
    }
}
