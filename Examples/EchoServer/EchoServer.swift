import AsyncHTTP
import Glibc

/// The library's smallest example, and the target of its conformance tests and measurements.
@main
struct EchoServer {
    static func main() {
        do {
            try serve(try Options(CommandLine.arguments.dropFirst()))
        } catch {
            say("echo-server: \(error)", to: STDERR_FILENO)
            exit(error is Options.Problem ? 2 : 1)
        }
    }

    /// One line, at once: `print` would hold it back from a pipe.
    private static func say(_ line: String, to descriptor: Int32) {
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
    }

    private static func serve(_ options: Options) throws {
        try withEventLoops(count: options.threads, signals: [.interrupt, .terminate]) { group in
            let server = try HTTPServer(
                listeningOn: options.addresses,
                loops: group.loops,
                limits: options.limits,
                standing: standing
            ) { request, responder in try await handler(of: request)(request, responder) }
            say("listening on \(server.addresses.joined(separator: ", "))", to: STDOUT_FILENO)
            try await withThrowingDiscardingTaskGroup { tasks in
                let signals = SignalSource([.interrupt, .terminate], on: group.first)
                tasks.addTask {
                    while let signal = try await signals.next() { server.shutdown(gracefully: signal == .terminate) }
                }
                try await server.run()
                tasks.cancelAll()
            }
        }
    }

    /// What stands is kept for as long as its request is known, and a peer must not choose how much that is.
    private static func standing(_ head: RequestHead) -> (any StandingAnswer)? {
        guard head.target.pathEquals("/file"), bytes(in: head) <= Files.largestStanding else { return nil }
        return try? file(head)
    }

    private static func handler(of request: Request) -> RequestHandler {
        if request.target.pathEquals("/file") { return { try await $1.send(try file($0.head)) } }
        if request.target.pathEquals("/stream") { return stream }
        if request.target.pathEquals("/echo") { return { try await $1.send(lines(of: $0.fields)) } }
        if request.target.pathEquals("/cookie") { return { try await $1.send(cookies(of: $0.fields)) } }
        if request.method == .post { return { try await $1.send(Response(body: try await $0.body.collect())) } }
        return { _, responder in try await responder.send(text("OK")) }
    }

    private static func file(_ head: RequestHead) throws -> PreparedResponse {
        try Files.prepared(bytes: bytes(in: head))
    }

    private static func bytes(in head: RequestHead) -> Int {
        number("bytes", in: head.target) ?? 2400
    }

    private static func stream(_ request: Request, _ responder: consuming Responder) async throws -> Answer {
        let lines = number("n", in: request.target) ?? 10
        return try await responder.stream { writer in
            for line in 0..<lines { try await writer.write(Array("line \(line)\n".utf8)) }
        }
    }

    private static func cookies(of fields: HeaderFields) -> Response {
        let pairs = fields.values(for: "cookie").flatMap { $0.split(separator: ";") }
        return text(pairs.map { "\($0.drop { $0 == " " })\n" }.joined())
    }

    private static func text(_ text: String) -> Response {
        Response(body: Array(text.utf8))
    }

    private static func lines(of fields: HeaderFields) -> Response {
        text(fields.map { "\($0.name): \($0.value)\n" }.joined())
    }

    /// The value of one parameter of the query, read where it lies: `/file` is what the server's cost is measured with.
    private static func number(_ name: String, in target: RequestTarget) -> Int? {
        target.withQuery { query in
            var start = 0
            while start < query.count {
                var index = start
                for byte in name.utf8 where index < query.count && query[index] == byte { index += 1 }
                if index == start + name.utf8.count, index < query.count, query[index] == UInt8(ascii: "=") {
                    return decimal(query.extracting(droppingFirst: index + 1))
                }
                while index < query.count, query[index] != UInt8(ascii: "&") { index += 1 }
                start = index + 1
            }
            return nil
        } ?? nil
    }

    /// The digits at the beginning; nil when there are none, or too many.
    private static func decimal(_ text: Span<UInt8>) -> Int? {
        var number = 0
        var index = 0
        while index < min(text.count, 10), (0x30...0x39).contains(text[index]) {
            number = number * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return index > 0 ? number : nil
    }
}
