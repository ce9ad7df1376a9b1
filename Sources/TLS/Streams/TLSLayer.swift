import AsyncHTTP
import COpenSSL

/// TLS over one stream, on either side of it.
///
/// Safe although it holds OpenSSL's pointers: they live as long as this, and one loop alone comes here.
@safe final class TLSLayer: StreamLayer {
    /// What one call may read from below: a peer can send much that is not for us and costs time, such as new keys.
    private static let readAtOnce = 16_384

    private let connection: OpaquePointer
    /// Held for as long as OpenSSL may call back for this connection: its policy is not OpenSSL's to hold.
    private let context: TLSContext
    private let passage = StreamBIO.Passage()
    private let side: Side
    private(set) var isEstablished = false
    private var hasFinished = false
    private var isReceiving = false
    /// So much had been received when nothing could be made of it any more.
    private var exhaustedAt: UInt64?
    private(set) var identity: String?
    private(set) var problem: String?
    /// From when on the peer's certificate is worth nothing.
    private var end = MonotonicInstant.distantFuture

    enum Side {
        case server
        /// The name that the server's certificate must have.
        case client(name: String, verifies: Bool)
    }

    init(_ context: TLSContext, _ side: Side) throws(TLSError) {
        guard let connection = unsafe SSL_new(context.pointer), let bio = unsafe StreamBIO.make(passage) else {
            throw TLSError(nil, "there is no memory for a connection")
        }
        unsafe self.connection = connection
        self.side = side
        self.context = context
        unsafe SSL_set_bio(connection, bio, bio)
        switch side {
        case .server: unsafe SSL_set_accept_state(connection)
        case .client(let name, let verifies):
            unsafe SSL_set_connect_state(connection)
            try expect(name, verifies)
        }
    }

    deinit {
        unsafe SSL_free(connection)
    }

    private func expect(_ name: String, _ verifies: Bool) throws(TLSError) {
        let parameters = unsafe SSL_get0_param(connection)
        // An address stands in certificates as one, and is not told beforehand (RFC 6066 section 3).
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, name) != 1 {
            ERR_clear_error()
            guard unsafe copenssl_set_server_name(connection, name) == 1, unsafe SSL_set1_host(connection, name) == 1
            else { throw TLSError(nil, "\(name) is no name that a certificate could have") }
            unsafe SSL_set_hostflags(
                connection,
                UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
            )
        }
        unsafe SSL_set_verify(connection, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
    }

    /// Part of a record is nothing yet, and does not become more before something has come from below.
    var holdsMore: Bool {
        if !isEstablished || passage.received == exhaustedAt { return false }
        return unsafe SSL_has_pending(connection) == 1
    }

    // MARK: What a stream asks for

    func establish(over lower: ByteStream) -> LayerStep {
        if isEstablished { return .bytes(0) }
        return step(over: lower) { unsafe SSL_do_handshake(connection) == 1 ? 0 : nil }
    }

    func receive(into memory: inout MutableRawSpan, over lower: ByteStream) -> LayerStep {
        isReceiving = true
        defer { isReceiving = false }
        let step: LayerStep = unsafe memory.withUnsafeMutableBytes { memory in
            self.step(over: lower) {
                var count = 0
                let isReceived = unsafe SSL_read_ex(connection, memory.baseAddress, memory.count, &count) == 1
                return isReceived ? count : nil
            }
        }
        if case .needs(.read) = step { exhaustedAt = passage.received }
        return step
    }

    func send(_ bytes: RawSpan, over lower: ByteStream) -> LayerStep {
        unsafe bytes.withUnsafeBytes { bytes in
            step(over: lower) {
                var count = 0
                let isSent = unsafe SSL_write_ex(connection, bytes.baseAddress, bytes.count, &count) == 1
                return isSent ? count : nil
            }
        }
    }

    func finish(over lower: ByteStream) -> LayerStep {
        if hasFinished || !isEstablished { return .bytes(0) }
        // It returns 0 when the peer has not said it yet, which need not be waited for.
        let step = self.step(over: lower) { unsafe SSL_shutdown(connection) >= 0 ? 0 : nil }
        if case .bytes = step { hasFinished = true }
        return step
    }

    // MARK: Steps

    /// - Parameter attempt: nil when it has not come to anything, and OpenSSL says why.
    private func step(over lower: ByteStream, _ attempt: () -> Int?) -> LayerStep {
        if problem != nil { return .failed }
        passage.stream = lower
        passage.allowance = Self.readAtOnce
        defer { passage.stream = nil }
        // What another connection has left would be taken for this one's. To look costs a third of clearing what is clear.
        if ERR_peek_error() != 0 { ERR_clear_error() }
        let count = attempt()
        if !isEstablished, unsafe SSL_is_init_finished(connection) == 1 { established(lower) }
        // A session that is resumed is not verified again, and may bring its first request along.
        if lower.state.now >= end { return expired() }
        if let count { return .bytes(count) }
        switch unsafe SSL_get_error(connection, 0) {
        case SSL_ERROR_WANT_READ: return .needs(.read)
        case SSL_ERROR_WANT_WRITE: return .needs(.write)
        case SSL_ERROR_ZERO_RETURN: return isEstablished && isReceiving ? .bytes(0) : ended()
        default: return failed(lower)
        }
    }

    /// The peer has said goodbye where something else was due.
    private func ended() -> LayerStep {
        problem =
            isEstablished ? "the peer has ended the connection" : "the peer has ended it before it was established"
        return .failed
    }

    private func established(_ lower: ByteStream) {
        isEstablished = true
        guard context.provesPeers, let certificate = unsafe SSL_get0_peer_certificate(connection) else { return }
        identity = unsafe Self.fingerprint(of: certificate)
        let seconds = unsafe copenssl_end_of_validity(certificate)
        end = lower.state.now.advanced(by: .seconds(seconds) - .nanoseconds(wallClockNanoseconds()))
    }

    private static func fingerprint(of certificate: OpaquePointer) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard unsafe X509_digest(certificate, EVP_sha256(), &bytes, &count) == 1 else { return nil }
        return "sha256:" + bytes.prefix(Int(count)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func expired() -> LayerStep {
        problem = "the certificate of the peer has expired"
        return .failed
    }

    private func failed(_ lower: ByteStream) -> LayerStep {
        problem = reason(lower)
        return .failed
    }

    private func reason(_ lower: ByteStream) -> String {
        if case .server = side, !isEstablished, passage.looksPlain {
            // It would not understand an alert, and is told in its own language.
            _ = unsafe lower.send(Self.hint.span.bytes)
            return "it is no TLS"
        }
        let verification = unsafe SSL_get_verify_result(connection)
        if case .client(let name, _) = side, verification != Int(X509_V_OK) {
            ERR_clear_error()
            return "the server's certificate \(Self.words(of: verification, name))"
        }
        var why = OpenSSL.takeErrors()
        if why.isEmpty, case .client = side { why = lastWords() }
        if passage.isOver, why.isEmpty || !isEstablished {
            return "the peer has closed the connection" + (why.isEmpty ? "" : " (\(why))")
        }
        return why.isEmpty ? "the connection has failed" : why
    }

    /// A server that refuses a certificate says so and closes, which a client may notice as it sends its first request.
    private func lastWords() -> String {
        var (byte, count): (UInt8, Int) = (0, 0)
        _ = unsafe SSL_read_ex(connection, &byte, 1, &count)
        return OpenSSL.takeErrors()
    }

    private static func words(of verification: Int, _ name: String) -> String {
        let text =
            unsafe X509_verify_cert_error_string(verification).map { unsafe String(cString: $0) } ?? "is not good"
        switch Int32(verification) {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: return "is not for \(name)"
        default: return "cannot be verified: \(text)"
        }
    }

    private static let hint: [UInt8] = {
        let text = "this port speaks https, and was sent plain http\n"
        return Array(
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: \(text.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(text)").utf8
        )
    }()
}
