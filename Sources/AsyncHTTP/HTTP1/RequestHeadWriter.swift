/// Puts together the bytes of a request head (RFC 9112 section 3), and refuses what a server could read otherwise.
package enum RequestHeadWriter {
    /// The complete head, ready to be sent.
    ///
    /// `host` is the value of `Host`. The caller's fields must not hold `Host`, `Content-Length`, `Transfer-Encoding`
    /// or `Connection`: they follow from the arguments.
    package static func head(
        _ method: HTTPMethod,
        target: String,
        host: String,
        fields: HeaderFields = HeaderFields(),
        framing: BodyFraming = .none,
        keepAlive: Bool = true
    ) throws(HeadWriteError) -> [UInt8] {
        try check(target: target, method: method, host: host)
        for reserved in ["Host", "Content-Length", "Transfer-Encoding", "Connection"] where fields.contains(reserved) {
            throw .reservedField
        }
        var bytes: [UInt8] = []
        bytes.append(contentsOf: "\(method.name) \(target) HTTP/1.1\r\nHost: \(host)\r\n".utf8)
        fields.write(to: &bytes)
        switch framing {
        case .none: break
        case .length(let length):
            bytes.append(contentsOf: "Content-Length: \(max(0, length))\r\n".utf8)
        case .chunked: bytes.append(contentsOf: "Transfer-Encoding: chunked\r\n".utf8)
        }
        if !keepAlive { bytes.append(contentsOf: "Connection: close\r\n".utf8) }
        bytes.append(contentsOf: "\r\n".utf8)
        return bytes
    }

    /// Whether a request with these could be sent.
    static func check(target: String, method: HTTPMethod = .get, host: String) throws(HeadWriteError) {
        do { _ = try RequestTarget(target, for: method) } catch { throw .target(error) }
        guard isHost(host) else { throw .host }
    }

    /// `host [":" port]`, or nothing where the URL names no host (RFC 9110 section 7.2).
    private static func isHost(_ host: String) -> Bool {
        var rule = AuthorityRule()
        for byte in host.utf8 {
            guard rule.accept(byte) else { return false }
        }
        return rule.isEmpty || rule.isComplete
    }
}
