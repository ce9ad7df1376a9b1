@testable import AsyncHTTP

/// An answer as it came, read by other code than the library's.
struct RawAnswer: Equatable {
    var statusLine: String
    /// Names in lower case.
    var fields: [String: [String]] = [:]
    var body: [UInt8] = []

    var status: Int { Int(statusLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(name: String) -> String? { fields[name]?.joined(separator: ", ") }

    init(head: String) {
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: true).map(String.init)
        statusLine = lines.isEmpty ? "" : lines.removeFirst()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased(), default: []].append(
                parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            )
        }
    }
}

extension RawSocket {
    /// The next answer; that to a request with `HEAD` has no body, whatever it says.
    func readAnswer(to method: HTTPMethod = .get) throws -> RawAnswer {
        var answer = RawAnswer(head: try take(through: "\r\n\r\n"))
        if method == .head || answer.status < 200 || [204, 304].contains(answer.status) { return answer }
        if answer["transfer-encoding"] == "chunked" {
            while true {
                let size = Int(try take(through: "\r\n").dropLast(1), radix: 16) ?? -1
                guard size >= 0 else { throw Failure(description: "a bad chunk in \(answer)") }
                answer.body += try take(size)
                guard try take(2) == [13, 10] else { throw Failure(description: "a chunk without an end") }
                if size == 0 { return answer }
            }
        }
        guard let text = answer["content-length"] else {
            answer.body = Array(try readToEnd().text.utf8)
            return answer
        }
        guard let length = Int(text) else { throw Failure(description: "Content-Length: \(text)") }
        answer.body = try take(length)
        return answer
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: String) throws -> RawAnswer {
        try send(request)
        return try readAnswer(to: request.hasPrefix("HEAD ") ? .head : .get)
    }

    /// What the other side sends up to an empty line, and the body that its Content-Length announces.
    func readRequest() throws -> (head: String, body: [UInt8]) {
        let head = try take(through: "\r\n\r\n")
        let length = RawAnswer(head: head)["content-length"].flatMap { Int($0) } ?? 0
        return (head, try take(length))
    }
}

/// `GET` of a path, keeping the connection.
func get(_ path: String, _ fields: String...) -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields.map { "\($0)\r\n" }.joined())\r\n"
}

/// `POST` of a body with its length.
func post(_ path: String, _ body: String, _ fields: String...) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n"
        + "\(fields.map { "\($0)\r\n" }.joined())\r\n\(body)"
}

/// The head of a `POST` with a chunked body, which is to follow.
func postChunked(_ path: String, _ fields: String...) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\(fields.map { "\($0)\r\n" }.joined())\r\n"
}
