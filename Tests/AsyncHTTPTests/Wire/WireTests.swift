import Glibc
import HTTPTestKit
import TLS
import TestCertificates
import Testing

@testable import AsyncHTTP

@Suite("Server: the same verdict over sockets, in memory and encrypted, however the bytes travel")
struct WireTests {
    @Test("what is well formed", arguments: WireCase.messages)
    func messages(wire: WireCase) throws { try check(wire) }

    @Test("what handlers do", arguments: WireCase.handlers)
    func handlers(wire: WireCase) throws { try check(wire) }

    @Test("what is malformed", arguments: WireCase.malformed)
    func malformed(wire: WireCase) throws { try check(wire) }

    @Test("what is cut off, or beyond a limit", arguments: WireCase.excessive)
    func excessive(wire: WireCase) throws { try check(wire) }

    @Test("what is made to be misread", arguments: WireCase.smuggling)
    func smuggling(wire: WireCase) throws { try check(wire, cutEvery: 3) }

    @Test("what a parser refuses", arguments: WireCase.grammar)
    func grammar(wire: WireCase) throws { try check(wire, cutEvery: 3) }

    /// Up to this length a case is cut at every position, or at every third: the parsers themselves are tested with each.
    private static let short = 120
    private static let isThorough = Environment.variables["NETWORK_SEEDS"] != nil

    private func check(_ wire: WireCase, cutEvery step: Int = 1) throws {
        let cuts = stride(
            from: 1,
            through: wire.sent.count <= Self.short ? wire.sent.count : 0,
            by: Self.isThorough ? 1 : step
        )
        try withServer(limits: wire.limits) { server in
            let scripts = WireScript.scripts(of: wire)
            for (number, script) in scripts.enumerated() {
                let whole = try server.plays(script, .whole)
                try #require(whole.keeps(script), "over a socket: \(whole)")
                let bytewise = try server.plays(script, .bytewise)
                try #require(bytewise.equals(whole, showingPieces: wire.showsPieces), "byte by byte: \(bytewise)")
                let isLast = number == scripts.count - 1
                try inMemory(wire, script, cuts: isLast ? Array(cuts) : [], as: whole)
                // A peer that says nothing agrees on nothing, either.
                if isLast, !script.bytes.isEmpty { try inMemory(wire, script, cuts: [], encrypted: true, as: whole) }
            }
        }
    }

    private func inMemory(
        _ wire: WireCase,
        _ script: WireScript,
        cuts: [Int],
        encrypted: Bool = false,
        as whole: WireVerdict
    ) throws {
        var test = HandlerTest(limits: wire.limits, handler: TestHandler.handle)
        if encrypted { test.security = try Self.security.get() }
        let networks =
            (encrypted ? Array(NetworkConditions.usual.prefix(4)) : NetworkConditions.usual)
            + cuts.map { .cut(after: $0) }
        var same: [UInt8] = []
        try test.transcripts(of: script.bytes, over: networks, end: script.finishes ? .finishes : .waits) {
            network,
            seen in
            try #require(seen.statistics.connectionsOpen == 0 && seen.statistics.pendingBytes == 0)
            try #require(!seen.isStuck, "\(network)")
            // Nearly always they are the same bytes of the same second, and there is nothing to take apart.
            if !seen.isReset, !script.isReset, seen.answer == same { return }
            let verdict = WireVerdict(seen.answer, isReset: seen.isReset, to: script)
            try #require(verdict.equals(whole, showingPieces: wire.showsPieces), "\(network): \(verdict), not \(whole)")
            try #require(!script.isReset || verdict.keeps(script), "\(network): \(verdict)")
            same = seen.answer
        }
    }

    /// Both ends of a connection that is encrypted.
    private static let security = Result {
        let client = ClientTLS(TestCertificates.clientConfiguration)
        return (
            server: try ServerTLS(TestCertificates.serverConfiguration).security,
            peer: client.security(to: .internet(host: "localhost", port: 443))
        )
    }

    @Test("a socket that is cut at every position makes no difference", arguments: WireCase.everyKind)
    func cuts(wire: WireCase) throws {
        try withServer(limits: wire.limits) { server in
            guard let script = WireScript.scripts(of: wire).last else { return }
            let whole = try server.plays(script, .whole)
            for position in wire.sent.indices.dropFirst() {
                let verdict = try server.plays(script, .cut(position))
                try #require(verdict.equals(whole, showingPieces: wire.showsPieces), "\(position): \(verdict)")
            }
        }
    }

    @Test("a peer that vanishes leaves nothing behind", arguments: WireCase.everyKind)
    func vanishes(wire: WireCase) throws {
        let test = HandlerTest(limits: wire.limits, handler: TestHandler.handle)
        try test.transcripts(of: wire.sent, over: NetworkConditions.usual, end: .vanishes) { network, seen in
            #expect(seen.statistics.connectionsOpen == 0 && seen.statistics.pendingBytes == 0, "\(network)")
        }
    }
}

/// How a peer sends over a socket.
private enum Delivery {
    case whole
    case bytewise
    case cut(Int)
}

extension RunningServer {
    /// Plays a script on a connection of its own.
    fileprivate func plays(_ script: WireScript, _ delivery: Delivery) throws -> WireVerdict {
        let socket = try connect()
        socket.sendWithoutDelay()
        // A server that has refused may be gone before everything is sent: what it said is what counts.
        var failure: Int32 = 0
        switch delivery {
        case .whole: failure = socket.trySending(script.bytes)
        case .bytewise: for byte in script.bytes where failure == 0 { failure = socket.trySending([byte]) }
        case .cut(let position):
            let before = try statistics.bytesReceived
            _ = socket.trySending(Array(script.bytes[..<position]))
            // Only what has arrived alone has been cut.
            _ = try eventually(every: 20) {
                try statistics.bytesReceived >= before + position || socket.isReadable(within: .zero)
            }
            failure = socket.trySending(Array(script.bytes[position...]))
        }
        if script.finishes { socket.finishSending() }
        // The kernel tells of a reset once: whoever has sent has been told already.
        let (bytes, end) = try socket.readBytesToEnd()
        return WireVerdict(bytes, isReset: end == .reset || failure == ECONNRESET, to: script)
    }
}
