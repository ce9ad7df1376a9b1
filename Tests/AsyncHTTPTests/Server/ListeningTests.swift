import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Server: listening")
struct ListeningTests {
    @Test("several addresses are served at once, and ports that the kernel chose are told", arguments: [1, 2])
    func several(loops: Int) throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/socket"
            let addresses: [ListenAddress] = [
                .unix(path: path), .host("127.0.0.1", port: 0), .host("::1", port: 0), .host("localhost", port: 0),
            ]
            try withServer(on: addresses, loops: loops) { server in
                let told = try server.server.addresses
                #expect(told.first == "unix:\(path)")
                #expect(told.count >= 4)
                #expect(try RawSocket(unixPath: path).exchange(get("/")).status == 200)
                for address in told.dropFirst() {
                    let colon = try #require(address.lastIndex(of: ":"))
                    let host = address[..<colon].filter { !"[]".contains($0) }
                    let port = try #require(UInt16(address[address.index(after: colon)...]))
                    #expect(port != 0)
                    #expect(try RawSocket(port: port, host: host).exchange(get("/")).status == 200)
                }
                let port = try server.port
                #expect(told[1] == "127.0.0.1:\(port)")
            }
        }
    }

    @Test("a port alone is open to IPv4 and IPv6", arguments: [1, 2])
    func dualStack(loops: Int) throws {
        try withServer(on: [.port(0)], loops: loops) { server in
            let port = try server.port
            for host in ["127.0.0.1", "::1"] {
                #expect(try RawSocket(port: port, host: host).exchange(get("/")).status == 200)
            }
        }
    }

    @Test("two loops share a port and both serve")
    func shared() throws {
        let served = Log<ObjectIdentifier>()
        try withServer(
            loops: 2,
            handler: { request, responder in
                served.append(ObjectIdentifier(request.body.connection.context))
                return try await responder.send(.text("OK"))
            },
            { server in
                let both = try eventually {
                    _ = try server.connect().exchange(get("/", "Connection: close"))
                    return Set(served.entries).count == 2
                }
                #expect(both)
            }
        )
    }

    @Test("two loops share the socket of a path")
    func sharedPath() throws {
        try withTemporaryDirectory { directory in
            try withServer(on: [.unix(path: "\(directory)/socket")], loops: 2) { server in
                for _ in 0..<50 {
                    let socket = try RawSocket(unixPath: "\(directory)/socket")
                    #expect(try socket.exchange(get("/")).status == 200)
                }
                #expect(try server.server.port == nil)
            }
        }
    }

    // MARK: Refusals

    private func refusal(of address: ListenAddress, loops: Int = 1) -> ListenError? {
        #expect(throws: ListenError.self) { try withServer(on: [address], loops: loops) { _ in } }
    }

    @Test(
        "a port that is in use is refused, one that another server shares among its loops as well",
        arguments: [1, 2]
    )
    func portInUse(loops: Int) throws {
        try withServer(loops: loops) { server in
            let address = ListenAddress.host("127.0.0.1", port: try server.port)
            for others in [1, 2] {
                let error = refusal(of: address, loops: others)
                #expect(error?.errno == EADDRINUSE)
                #expect(error?.address == address)
                #expect(error?.description.contains("another process is listening there") == true)
            }
        }
    }

    @Test(
        "an address that cannot be had says which and why",
        arguments: [
            (ListenAddress.host("192.0.2.1", port: 0), EADDRNOTAVAIL, "no interface of this machine has that address"),
            (.unix(path: "/no/such/folder/socket"), ENOENT, "the folder does not exist"),
            (.unix(path: String(repeating: "p", count: 108)), ENAMETOOLONG, "1 to 107 bytes"),
            (.unix(path: "/proc/socket"), ENOENT, "/proc/socket"),
            (.systemd, ENOENT, "systemd has handed over no sockets"),
        ]
    )
    func refused(address: ListenAddress, errno: Int32, text: String) {
        let error = refusal(of: address)
        #expect(error?.errno == errno)
        #expect(error?.description.hasPrefix("cannot listen on \(address): ") == true)
        #expect(error?.description.contains(text) == true)
    }

    @Test("a server that listens nowhere is an error")
    func nowhere() {
        let error = #expect(throws: ListenError.self) { try withServer(on: []) { _ in } }
        #expect(error?.description == "cannot listen: no address was given")
    }

    @Test("a name that nobody knows says so")
    func unknownName() {
        let error = refusal(of: .host("nobody.invalid", port: 0))
        #expect(error?.reason.contains("cannot be resolved") == true)
        #expect(error?.errno == nil)
    }

    @Test("a privileged port and a folder that is not ours say what is missing")
    func notPermitted() async {
        // In a process of its own, which gives up being root.
        await #expect(processExitsWith: .success) {
            if geteuid() == 0 {
                #expect(setgid(65534) == 0)
                #expect(setuid(65534) == 0)
            }
            for address in [ListenAddress.unix(path: "/etc/socket"), .host("127.0.0.1", port: 1)] {
                let error = #expect(throws: ListenError.self) { try withServer(on: [address]) { _ in } }
                // Some systems let everybody have every port.
                if error == nil, case .host = address { continue }
                #expect(error?.errno == EACCES)
                #expect(error?.description.contains("not permitted") == true)
            }
        }
    }

    // MARK: Unix sockets

    @Test("the file that a dead process has left is replaced, and ours is removed at the end")
    func stale() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/socket"
            do {
                let address = try #require(SocketAddress(unixPath: path))
                _ = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 1)
            }
            #expect(directoryEntries(directory) == ["socket"])
            try withServer(on: [.unix(path: path)]) { server in
                let socket = try RawSocket(unixPath: path)
                #expect(try socket.exchange(get("/")).status == 200)
                #expect(try server.statistics.connectionsTotal == 1)
            }
            #expect(directoryEntries(directory).isEmpty)
        }
    }

    @Test("a path that somebody listens on is refused and goes on", arguments: [true, false])
    func live(isBusy: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/socket"
            let address = try #require(SocketAddress(unixPath: path))
            let listener = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 0)
            // With a backlog of 0 one connection fills it.
            let waiting = isBusy ? try RawSocket(unixPath: path) : nil
            let error = refusal(of: .unix(path: path))
            #expect(error?.errno == EADDRINUSE)
            #expect(error?.description.contains("another process is listening there") == true)
            #expect(directoryEntries(directory) == ["socket"])
            waiting?.close()
            #expect(try listener.accept() != nil)
        }
    }

    @Test("a file that is no socket is not touched")
    func notASocket() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/file"
            close(unsafe creat(path, 0o600))
            let error = refusal(of: .unix(path: path))
            #expect(error?.errno == EEXIST)
            #expect(error?.description.contains("not a socket") == true)
            #expect(directoryEntries(directory) == ["file"])
        }
    }

    @Test("a file that a successor has put in our place is left to it")
    func successor() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/socket"
            try withServer(on: [.unix(path: path)]) { server in
                #expect(unsafe rename(path, "\(directory)/old") == 0)
                close(unsafe creat(path, 0o600))
                try server.server.shutdown(gracefully: false)
                server.join()
                #expect(Set(directoryEntries(directory)) == ["old", "socket"])
            }
        }
    }

    @Test("when one address is refused, the files of the others are removed")
    func allOrNothing() throws {
        try withTemporaryDirectory { directory in
            let addresses: [ListenAddress] = [.unix(path: "\(directory)/socket"), .host("192.0.2.1", port: 0)]
            #expect(throws: ListenError.self) { try withServer(on: addresses) { _ in } }
            #expect(directoryEntries(directory).isEmpty)
        }
    }
}
