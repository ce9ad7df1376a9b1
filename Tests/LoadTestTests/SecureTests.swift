import AsyncHTTP
import Testing

@testable import LoadTestKit

@Suite("A layer over a connection")
struct SecureTests {
    /// Keeps ends open. `@unchecked Sendable` because only the one loop of a test is at it, and the test when that has ended.
    private final class OtherEnds: @unchecked Sendable {
        var kept: [MemoryStream] = []
    }

    private actor Client {
        private let connection: LoadConnection
        private let loop: EventLoop

        init(_ target: LoadTarget, on loop: EventLoop) {
            self.loop = loop
            connection = LoadConnection(target, judge: BodyJudge(.newline), on: loop)
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

        func exchange() async throws(LoadFailure) -> Int {
            try await connection.exchange(until: .now.advanced(by: .seconds(10)))
        }

        /// The connection goes on over a stream in memory.
        var isInMemory: Bool { connection.open is MemoryStream }

        func close() { connection.close() }
    }

    /// Exchanges once with a server through a layer that `secure` puts over the connection.
    private func exchange(_ secure: @escaping LoadTarget.Secure) throws -> (bytes: Int, served: Int, isInMemory: Bool) {
        try withEventLoops { group in
            let served = Tally()
            let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: group.loops) {
                _,
                responder in
                served.add()
                return try await responder.send(.text("up 1\n"))
            }
            let plan = LoadPlan([try ClientURL("http://127.0.0.1:\(server.port ?? 0)/")], LoadSettings())
            var target = try LoadTarget(plan.urls[0], plan, LoadInputs())
            target.secure = secure
            let client = Client(target, on: group.first)
            return try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await server.run() }
                defer { tasks.cancelAll() }
                let bytes = try await client.exchange()
                let isInMemory = await client.isInMemory
                await client.close()
                return (bytes, served.count, isInMemory)
            }
        }
    }

    @Test("is put there once the connection is made, and may be the connection itself")
    func identity() throws {
        let asked = Tally()
        let (bytes, served, isInMemory) = try exchange { channel, _ in
            #expect(channel.isWritable)
            asked.add()
            return channel
        }
        #expect(bytes > 50)
        #expect(served == 1)
        #expect(asked.count == 1)
        #expect(!isInMemory)
    }

    @Test("carries the exchange in the place of the connection")
    func carries() throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nup 1\n"
        let others = OtherEnds()
        let (bytes, served, isInMemory) = try exchange { channel, loop in
            let (near, far) = MemoryStream.pair(on: loop)
            _ = far.send(Array(answer.utf8), [], [], skipping: 0)
            others.kept.append(far)
            channel.close()
            return near
        }
        #expect(others.kept.first?.isReadable == true, "the request has arrived there")
        #expect(bytes == answer.utf8.count)
        #expect(served == 0)
        #expect(isInMemory, "the next exchange goes the same way")
    }

    @Test("that cannot be made is a failure to connect, with its reason")
    func refused() throws {
        let failure = #expect(throws: LoadFailure.self) {
            try exchange { (_, _) throws(LoadFailure) in
                throw LoadFailure(.connect, "the certificate is of somebody else")
            }
        }
        #expect(failure == LoadFailure(.connect, "the certificate is of somebody else"))
    }
}
