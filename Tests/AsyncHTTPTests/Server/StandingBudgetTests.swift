import Testing

@testable import AsyncHTTP

@Suite("Standing answers: when no more may be kept")
struct StandingBudgetTests {
    private static let large = Response(body: [UInt8](repeating: 0x78, count: 20_000))

    @Test("an answer that has begun is sent to its end, and nothing in its midst", arguments: [true, false])
    func whole(hasRoom: Bool) throws {
        let standing = try Standing(Self.large)
        let limits = serverLimits { $0.pendingBytes = hasRoom ? .kibibytes(4) : .bytes(100) }
        // A peer that takes an answer in pieces, and sends what stands behind a request with it.
        var transfers = Transfers()
        transfers.window = 1000
        try withMemoryServer(limits: limits, standing: { _ in standing }, handler: standing.handle) {
            [transfers] server in
            let whole = await server.exchange(get("/"))
            let peer = await server.connect(over: transfers)
            let answer = await server.exchange(String(repeating: get("/"), count: 10), with: peer)
            #expect(answer == String(repeating: whole, count: hasRoom ? 10 : 1))
            #expect(server.statistics.rejected[.tooMuchPending] == (hasRoom ? 0 : 1))
            #expect(await server.heldBytes == 0)
        }
    }
}
