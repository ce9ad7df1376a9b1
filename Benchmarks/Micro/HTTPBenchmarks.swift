import AsyncHTTP
import Glibc
import Synchronization

/// Parsing a scraper's request, and answering it through a socket: what matters there is how often memory is asked for.
func httpBenchmarks() throws -> [Benchmark] {
    let request = Array(prometheusRequest(of: "/metrics").utf8)
    let handled = Array(prometheusRequest(of: "/handled").utf8)
    let port = try startServer()
    let client = LoopbackClient(port: port)
    return [
        Benchmark("Parse Prometheus 3's request head") {
            var parser = RequestParser(limits: RequestLimits())
            blackHole(try parse(request, with: &parser))
        },
        Benchmark("Known head and standing answer of 2.4 KB, both ends") { client.exchange(request) },
        Benchmark("Request and prepared answer of 2.4 KB, both ends") { client.exchange(handled) },
    ]
}

private func prometheusRequest(of path: String) -> String {
    """
    GET \(path) HTTP/1.1\r
    Host: localhost:8000\r
    User-Agent: Prometheus/3.0.0\r
    Accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;\
    q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1\r
    Accept-Encoding: gzip\r
    X-Prometheus-Scrape-Timeout-Seconds: 10\r
    \r

    """
}

private func parse(_ bytes: [UInt8], with parser: inout RequestParser) throws -> RequestParser.Step {
    unsafe try parser.parse(bytes.span.bytes)
}

/// Serves on a thread of its own for as long as the program runs: `/metrics` stands, for everything else a handler is asked.
private func startServer() throws -> UInt16 {
    final class Port: Sendable {
        let number = Atomic<UInt16>(0)
    }
    let port = Port()
    let body = [UInt8](repeating: 0x78, count: 2400)
    let answer = try PreparedResponse(Response(body: body))
    try Thread.startDetached {
        try? withEventLoops { group in
            let addresses = [ListenAddress.host("127.0.0.1", port: 0)]
            let server = try HTTPServer(
                listeningOn: addresses,
                loops: group.loops,
                standing: { head in head.target.pathEquals("/metrics") ? answer : nil }
            ) { _, responder in try await responder.send(answer) }
            port.number.store(server.port ?? 0, ordering: .releasing)
            try await server.run()
        }
    }
    while port.number.load(ordering: .acquiring) == 0 { usleep(1000) }
    return port.number.load(ordering: .relaxed)
}

/// A blocking connection that asks for no memory of its own while it is used.
private final class LoopbackClient {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 8192)
    private var answerLength = 0

    init(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(connected == 0, "the server does not answer")
    }

    /// Every answer has the length of the first one.
    func exchange(_ request: [UInt8]) {
        precondition(unsafe send(descriptor, request, request.count, 0) == request.count)
        var received = 0
        repeat {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            precondition(count > 0, "the server has closed the connection")
            received += count
            if answerLength == 0 { answerLength = 2400 + headLength(received) }
        } while received < answerLength
    }

    private func headLength(_ received: Int) -> Int {
        let end = Array("\r\n\r\n".utf8)
        for index in 0..<received - 3 where Array(buffer[index..<index + 4]) == end { return index + 4 }
        preconditionFailure("the first answer came in pieces")
    }
}
