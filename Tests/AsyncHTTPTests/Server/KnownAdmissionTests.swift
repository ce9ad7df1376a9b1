import Testing

@testable import AsyncHTTP

@Suite("Known heads: who was admitted, and for how long")
struct KnownAdmissionTests {
    private static let request = get("/", "Authorization: Basic c2VjcmV0")

    /// Enters a request, and sees that it is answered from there.
    private static func warm(
        _ server: MemoryServer,
        _ standing: Standing,
        listener: Int = 0,
        identity: String? = nil
    ) async {
        let before = standing.calls
        for _ in 0..<4 {
            let answer = await server.exchange(request, listener: listener, identity: identity)
            #expect(answer.hasSuffix("stands\n"))
        }
        #expect(standing.calls == before + 2, "the third and the fourth time nobody was asked")
    }

    @Test("who was admitted and is not any more after a reload is refused, each time")
    func reload() throws {
        let (standing, keeper) = (try Standing(), Authoriser())
        try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
            await Self.warm(server, standing)
            #expect(keeper.asked == 2)
            keeper.reload { _, _ in Authoriser.refusal }
            for _ in 0..<3 { #expect(await server.exchange(Self.request).hasPrefix("HTTP/1.1 403 ")) }
            #expect(keeper.asked == 5 && standing.calls == 2)
            #expect(await server.known == 0)
            #expect(await server.heldBytes == 0)
        }
    }

    @Test("who still may after a reload is asked about once more, and then known again")
    func reloadOfOthers() throws {
        let (standing, keeper) = (try Standing(), Authoriser())
        try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
            await Self.warm(server, standing)
            for round in 1...3 {
                keeper.reload()
                for _ in 0..<4 { #expect(await server.exchange(Self.request).hasSuffix("stands\n")) }
                // It has been seen before the reload.
                #expect(keeper.asked == 2 + round && standing.calls == keeper.asked)
            }
        }
    }

    @Test("one of two that reloads is enough to ask both")
    func reloadOfOne() throws {
        let (standing, first, second) = (try Standing(), Authoriser(), Authoriser())
        try withMemoryServer(middleware: [first, second], handler: standing.handle) { server in
            await Self.warm(server, standing)
            second.reload { _, _ in Authoriser.refusal }
            #expect(await server.exchange(Self.request).hasPrefix("HTTP/1.1 403 "))
            #expect(first.asked == 3 && second.asked == 3 && standing.calls == 2)
        }
    }

    @Test("the same bytes by another listener are asked about")
    func listener() throws {
        let (standing, keeper) = (
            try Standing(), Authoriser { $0.listener == 0 ? .admit(generation: $1) : Authoriser.refusal }
        )
        try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
            await Self.warm(server, standing)
            for _ in 0..<3 { #expect(await server.exchange(Self.request, listener: 1).hasPrefix("HTTP/1.1 403 ")) }
            #expect(await server.exchange(Self.request).hasSuffix("stands\n"))
            #expect(standing.calls == 2)
        }
    }

    @Test("so they are from another identity, or from none")
    func identity() throws {
        let (standing, keeper) = (
            try Standing(), Authoriser { $0.identity == "alice" ? .admit(generation: $1) : Authoriser.refusal }
        )
        try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
            await Self.warm(server, standing, identity: "alice")
            for other in ["bob", "", "alice ", nil] {
                for _ in 0..<3 {
                    #expect(await server.exchange(Self.request, identity: other).hasPrefix("HTTP/1.1 403 "))
                }
            }
            #expect(await server.exchange(Self.request, identity: "alice").hasSuffix("stands\n"))
            #expect(standing.calls == 2)
        }
    }

    @Test("each of two listeners and of two identities is known beside the others")
    func several() throws {
        let standing = try Standing()
        try withMemoryServer(handler: standing.handle) { server in
            for round in 0..<5 {
                for listener in 0..<2 {
                    for identity in [nil, "alice"] {
                        let answer = await server.exchange(Self.request, listener: listener, identity: identity)
                        #expect(answer.hasSuffix("stands\n"))
                    }
                }
                // The bytes have been seen when the second of them comes.
                #expect(standing.calls == (round == 0 ? 4 : 5))
            }
        }
    }

    @Test("over sockets: what one address admits does not open the other")
    func addresses() throws {
        let (standing, keeper) = (
            try Standing(), Authoriser { $0.listener == 0 ? .admit(generation: $1) : Authoriser.refusal }
        )
        try withServer(
            on: [.host("127.0.0.1", port: 0), .host("127.0.0.1", port: 0)],
            middleware: [keeper],
            handler: standing.handle
        ) { server in
            let ports = try server.server.addresses.compactMap { UInt16($0.split(separator: ":").last ?? "") }
            let open = try RawSocket(port: ports[0])
            for _ in 0..<4 { #expect(try open.exchange(Self.request).status == 200) }
            #expect(standing.calls == 2)
            #expect(try RawSocket(port: ports[1]).exchange(Self.request).status == 403)
        }
    }

    // MARK: What may not be remembered

    @Test("a limit that admits once is asked each time, and its refusal is heard")
    func rateLimit() throws {
        let (standing, left) = (try Standing(), Log<Void>())
        let limit = Authoriser { _, _ in
            left.append(())
            return left.entries.count <= 5 ? .admitOnce : Authoriser.refusal
        }
        try withMemoryServer(middleware: [limit], handler: standing.handle) { server in
            let peer = await server.connect()
            for _ in 0..<5 { #expect(await server.exchange(Self.request, with: peer).hasSuffix("stands\n")) }
            for _ in 0..<2 { #expect(await server.exchange(Self.request, with: peer).hasPrefix("HTTP/1.1 403 ")) }
            #expect(limit.asked == 7 && standing.calls == 5)
            #expect(await server.known == 0)
        }
    }

    @Test("one that admits once is enough for that, whoever else admits for good", arguments: 0..<3)
    func mixed(place: Int) throws {
        let standing = try Standing()
        var keepers = [Authoriser(), Authoriser()]
        keepers.insert(Authoriser { _, _ in .admitOnce }, at: place)
        try withMemoryServer(middleware: keepers, handler: standing.handle) { [keepers] server in
            for _ in 0..<5 { #expect(await server.exchange(Self.request).hasSuffix("stands\n")) }
            #expect(keepers.map(\.asked) == [5, 5, 5] && standing.calls == 5)
            #expect(await server.known == 0)
        }
    }

    @Test("a wait that ends in an admission for good is remembered; one that ends in another is not")
    func suspended() throws {
        for isForGood in [true, false] {
            let standing = try Standing()
            let keeper = Authoriser { _, generation in
                .suspend {
                    await Task.yield()
                    return .suspend { isForGood ? .admit(generation: generation) : .admitOnce }
                }
            }
            try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
                for _ in 0..<5 { #expect(await server.exchange(Self.request).hasSuffix("stands\n")) }
                #expect(keeper.asked == (isForGood ? 2 : 5) && standing.calls == keeper.asked)
            }
        }
    }

    @Test("what was admitted for a generation that is over meanwhile is not kept at all")
    func late() throws {
        let (standing, keeper) = (try Standing(), Authoriser { .admit(generation: $1 &- 1) })
        try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
            for _ in 0..<5 { #expect(await server.exchange(Self.request).hasSuffix("stands\n")) }
            #expect(keeper.asked == 5)
            #expect(await server.known == 0)
        }
    }

    @Test("a server that is told to forget asks again")
    func forgets() throws {
        let (standing, keeper) = (try Standing(), Authoriser())
        try withMemoryServer(middleware: [keeper], handler: standing.handle) { server in
            await Self.warm(server, standing)
            await server.forgetKnown()
            #expect(await server.known == 0)
            #expect(await server.heldBytes == 0)
            await Self.warm(server, standing)
        }
        let again = try Standing()
        try withServer(loops: 2, handler: again.handle) { server in
            let socket = try server.connect()
            for _ in 0..<4 { #expect(try socket.exchange(Self.request).status == 200) }
            #expect(again.calls == 2)
            try server.server.forgetKnownRequests()
            #expect(try eventually { try server.statistics.pendingBytes == 0 })
            for _ in 0..<4 { #expect(try socket.exchange(Self.request).status == 200) }
            #expect(again.calls == 4)
        }
    }
}
