@testable import AsyncHTTP

/// What the tests' servers answer, by path.
enum TestHandler {
    struct Thrown: Error {}

    static let largeBody = 16 << 20
    private static let large = Result {
        try PreparedResponse(Response(body: [UInt8](repeating: 0x78, count: largeBody)))
    }

    static func handle(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        switch request.target.path {
        case "/collect": return try await responder.send(Response(body: try await request.body.collect()))
        case "/collect-10":
            return try await responder.send(Response(body: try await request.body.collect(upTo: .bytes(10))))
        case "/pieces": return try await pieces(request, responder)
        case "/echo-stream":
            return try await responder.stream { writer in
                while let piece = try await request.body.next() { try await writer.write(piece) }
            }
        case "/stream":
            return try await responder.stream { writer in
                for piece in ["one,", "", "two,", "three"] { try await writer.write(Array(piece.utf8)) }
            }
        case "/stream-nothing": return try await responder.stream(.noContent) { _ in throw Thrown() }
        case "/stream-large":
            return try await responder.stream { writer in
                for _ in 0..<256 { try await writer.write([UInt8](repeating: 0x79, count: 1 << 16)) }
            }
        case "/throw": throw Thrown()
        case "/throw-midway":
            return try await responder.stream { writer in
                try await writer.write(Array("half".utf8))
                throw Thrown()
            }
        case "/throw-after":
            _ = try await responder.send(.text("whole"))
            throw Thrown()
        case "/large": return try await responder.send(large.get())
        case "/reset-content":
            return try await responder.send(Response(status: HTTPStatus(code: 205, reason: "Reset"), body: [1, 2, 3]))
        case "/stream-reset":
            return try await responder.stream(HTTPStatus(code: 205, reason: "Reset")) { try await $0.write([1]) }
        case "/no-content": return try await responder.send(Response(status: .noContent, body: [1, 2, 3]))
        case "/not-modified": return try await responder.send(Response(status: .notModified))
        case "/reserved":
            var fields = HeaderFields()
            try fields.append("Content-Length", "5")
            return try await responder.send(Response(fields: fields))
        case "/sleep":
            try await responder.connection.context.loop.clock.sleep(for: .seconds(3600))
            return try await responder.send(.text("slept"))
        default: return try await responder.send(.text("OK"))
        }
    }

    /// Answers with the lengths of the pieces in which the body came.
    private static func pieces(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        var total = 0
        while let piece = try await request.body.next() { total += piece.count }
        let after = try await request.body.next()
        return try await responder.send(.text("\(total) \(after == nil)"))
    }
}
