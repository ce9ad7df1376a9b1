/// Puts together the bytes of a response head (RFC 9112 section 4), in pieces, because the server prepares some of
/// them once and others for every response.
package struct ResponseHeadWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    /// Room for an ordinary head in one allocation.
    private static let initialCapacity = 192

    package init() {
        bytes.reserveCapacity(Self.initialCapacity)
    }

    /// Starts over, keeping the memory.
    package mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// The status line. The version is always 1.1, whatever the client spoke (RFC 9110 section 6.2).
    package mutating func statusLine(_ status: HTTPStatus) {
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        bytes.append(contentsOf: String(status.code).utf8)
        bytes.append(.space)
        bytes.append(contentsOf: status.reason.utf8)
        endLine()
    }

    /// The caller's fields, which must not touch what the server decides itself.
    package mutating func fields(_ fields: HeaderFields) throws(HeadWriteError) {
        for reserved in ["Content-Length", "Transfer-Encoding", "Connection", "Date"] where fields.contains(reserved) {
            throw .reservedField
        }
        fields.write(to: &bytes)
    }

    package mutating func contentLength(_ length: Int) {
        line("Content-Length")
        bytes.append(contentsOf: String(max(0, length)).utf8)
        endLine()
    }

    package mutating func chunked() {
        line("Transfer-Encoding")
        bytes.append(contentsOf: "chunked".utf8)
        endLine()
    }

    /// Says what happens to the connection, where the version does not say it already (RFC 9112 section 9.3).
    package mutating func connection(keepAlive: Bool, for version: HTTPVersion) {
        switch (keepAlive, version) {
        case (true, .http11): return
        case (true, .http10): line("Connection", "keep-alive")
        case (false, _): line("Connection", "close")
        }
    }

    package mutating func date(unixSeconds: Int64) {
        line("Date")
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: HTTPDate.length))
        var span = bytes.mutableSpan
        HTTPDate.write(unixSeconds: unixSeconds, into: &span, at: start)
        endLine()
    }

    /// The empty line that ends the head.
    package mutating func end() {
        endLine()
    }

    private mutating func line(_ name: String) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: ": ".utf8)
    }

    private mutating func line(_ name: String, _ value: String) {
        line(name)
        bytes.append(contentsOf: value.utf8)
        endLine()
    }

    private mutating func endLine() {
        bytes.append(.carriageReturn)
        bytes.append(.lineFeed)
    }
}
