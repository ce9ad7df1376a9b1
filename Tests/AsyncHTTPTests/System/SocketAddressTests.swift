import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Socket addresses")
struct SocketAddressTests {
    @Test(
        "literals are addresses, and are shown as they are written",
        arguments: [
            ("127.0.0.1", AF_INET, "127.0.0.1:8000"), ("0.0.0.0", AF_INET, "0.0.0.0:8000"),
            ("::1", AF_INET6, "[::1]:8000"), ("2001:DB8:0::1", AF_INET6, "[2001:db8::1]:8000"),
        ]
    )
    func literals(text: String, family: Int32, shown: String) throws {
        let address = try #require(SocketAddress(literal: text, port: 8000))
        #expect(address.family == family && address.isInternet && address.port == 8000)
        #expect("\(address)" == shown)
        #expect(address.with(port: 65_535).port == 65_535)
        #expect(address.with(port: 8000) == address)
    }

    @Test("an address that is shorter than its port has none")
    func short() {
        let bytes: [UInt8] = [2, 0, 0x1F, 0x40]
        for count in 0...4 {
            let address = SocketAddress(family: AF_INET, bytes: Array(bytes.prefix(count)))
            #expect(address.port == (count == 4 ? 8000 : 0))
            #expect("\(address)" == "?")
        }
    }

    @Test("an address of which the end is missing is not shown as another", arguments: [(AF_INET, 8), (AF_INET6, 24)])
    func cut(family: Int32, size: Int) {
        #expect("\(SocketAddress(family: family, bytes: [UInt8](repeating: 1, count: size - 1)))" == "?")
        #expect("\(SocketAddress(family: family, bytes: [UInt8](repeating: 1, count: size)))".hasSuffix(":257"))
    }

    @Test("what the kernel says is an address when there is a family in it", arguments: [0, 1, 2, 16] as [socklen_t])
    func asked(length: socklen_t) {
        func answer(_ code: Int32) -> SocketAddress? {
            unsafe SocketAddress(of: 7) { descriptor, address, size in
                guard descriptor == 7, unsafe size.pointee == socklen_t(MemoryLayout<sockaddr_storage>.size) else {
                    return -1
                }
                unsafe address.pointee.sa_family = sa_family_t(AF_INET6)
                unsafe size.pointee = length
                return code
            }
        }
        #expect(answer(0)?.family == (length < 2 ? nil : AF_INET6))
        #expect(answer(0)?.bytes.count == (length < 2 ? nil : Int(length)))
        #expect(answer(-1) == nil)
    }

    @Test("names and nonsense are none", arguments: ["", "localhost", "127.0.0.256", "1", "[::1]", "::1%", "1.2.3.4 "])
    func notLiterals(text: String) {
        #expect(SocketAddress(literal: text, port: 1) == nil)
    }

    @Test("a path has 1 to 107 bytes, none of them NUL")
    func paths() throws {
        let longest = "/" + String(repeating: "x", count: 106)
        let address = try #require(SocketAddress(unixPath: longest))
        #expect(address.unixPath == longest)
        #expect("\(address)" == "unix:\(longest)")
        #expect(address.port == 0 && !address.isInternet && address.with(port: 1) == address)
        #expect(SocketAddress(unixPath: longest + "x") == nil)
        #expect(SocketAddress(unixPath: "") == nil)
        #expect(SocketAddress(unixPath: "/a\0b") == nil)
    }

    @Test("an abstract name is no path")
    func abstract() throws {
        let address = try #require(SocketAddress(unix: "@name"))
        #expect(address.unixPath == nil)
        #expect("\(address)" == "unix:@name")
        #expect(Array(address.bytes.dropFirst(2)) == [0] + Array("name".utf8))
        #expect(SocketAddress(unix: "/name") == SocketAddress(unixPath: "/name"))
        #expect(SocketAddress(unix: "@" + String(repeating: "x", count: 107)) == nil)
    }
}
