import AsyncHTTP
import COpenSSL

/// Where OpenSSL reads what it deciphers and writes what it has enciphered: the stream below, through callbacks.
enum StreamBIO {
    /// What a callback finds by its BIO: the stream, for as long as OpenSSL has been called for it.
    final class Passage {
        var stream: ByteStream?
        /// The peer has finished without a word, or is gone.
        var isOver = false
        /// Bytes so far.
        var received: UInt64 = 0
        /// How many more may be read before others have their turn.
        var allowance = 0
        /// What came first was no beginning of a record.
        var looksPlain = false
    }

    /// Made once, then only read, and kept for as long as the program runs: whoever is first makes it, under the lock of every
    /// static. That is why any thread may look at it.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream")
        unsafe BIO_meth_set_read(method, read)
        unsafe BIO_meth_set_write(method, write)
        unsafe BIO_meth_set_ctrl(method, control)
        return unsafe method
    }()

    /// - Parameter passage: kept by whoever keeps the BIO.
    static func make(_ passage: Passage) -> OpaquePointer? {
        guard let bio = unsafe BIO_new(method) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(passage).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    private static func passage(of bio: OpaquePointer?) -> Passage? {
        unsafe BIO_get_data(bio).map { unsafe Unmanaged<Passage>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let read: @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, Int32) -> Int32 = {
        bio,
        place,
        count in
        unsafe copenssl_clear_retry(bio)
        guard count > 0, let passage = unsafe passage(of: bio), let stream = passage.stream, let place = unsafe place
        else { return -1 }
        guard passage.allowance > 0 else {
            unsafe copenssl_retry_read(bio)
            return -1
        }
        var memory = unsafe MutableRawSpan(
            _unsafeBytes: UnsafeMutableRawBufferPointer(start: place, count: Int(count))
        )
        switch stream.receive(into: &memory) {
        case .bytes(0):
            passage.isOver = true
            return 0
        case .bytes(let received):
            if passage.received == 0 { passage.looksPlain = unsafe UInt8(bitPattern: place.pointee).isASCIILetter }
            passage.received &+= UInt64(received)
            passage.allowance -= received
            return Int32(received)
        case .wouldBlock:
            unsafe copenssl_retry_read(bio)
            return -1
        case .failed:
            passage.isOver = true
            return -1
        }
    }

    private static let write: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = {
        bio,
        place,
        count in
        unsafe copenssl_clear_retry(bio)
        guard count > 0, let passage = unsafe passage(of: bio), let stream = passage.stream, let place = unsafe place
        else { return -1 }
        let bytes = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: place, count: Int(count)))
        switch stream.send(bytes) {
        case .bytes(let sent): return Int32(sent)
        case .wouldBlock:
            unsafe copenssl_retry_write(bio)
            return -1
        case .failed:
            passage.isOver = true
            return -1
        }
    }

    private static let control: @convention(c) (OpaquePointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int = {
        bio,
        command,
        _,
        _ in
        switch command {
        case BIO_CTRL_FLUSH: return 1
        case BIO_CTRL_EOF: return unsafe passage(of: bio)?.isOver ?? true ? 1 : 0
        default: return 0
        }
    }
}

extension UInt8 {
    /// How a request begins; records begin with control characters.
    fileprivate var isASCIILetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
}
