import COpenSSL

/// Certificates or a key as text, and where it came from.
struct PEM {
    let path: String?
    private let bytes: [UInt8]

    init(_ bytes: [UInt8], from path: String? = nil) {
        self.bytes = bytes
        self.path = path
    }

    private static let beginning = Array("-----BEGIN ".utf8)

    /// A certificate, for as long as this is held.
    @safe final class Certificate {
        let pointer: OpaquePointer

        fileprivate init(owning pointer: OpaquePointer) {
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe X509_free(pointer)
        }

        /// In seconds since 1970.
        var endOfValidity: Int64? {
            let seconds = unsafe copenssl_end_of_validity(pointer)
            return seconds < 0 ? nil : seconds
        }
    }

    @safe final class Key {
        let pointer: OpaquePointer

        fileprivate init(owning pointer: OpaquePointer) {
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe EVP_PKEY_free(pointer)
        }
    }

    /// All that are in it, in their order.
    func certificates() throws(TLSError) -> [Certificate] {
        ERR_clear_error()
        let (found, isWhole) = unsafe withMemory { memory in
            var found: [Certificate] = []
            while let certificate = unsafe copenssl_read_certificate(memory) {
                unsafe found.append(Certificate(owning: certificate))
            }
            return (found, copenssl_is_at_end_of_pem() == 1)
        }
        guard isWhole else { throw TLSError(path, "a certificate cannot be read: \(OpenSSL.takeErrors())") }
        ERR_clear_error()
        return found
    }

    func key() throws(TLSError) -> Key {
        ERR_clear_error()
        let key: Key? = unsafe withMemory { memory in unsafe copenssl_read_key(memory).map { unsafe Key(owning: $0) } }
        guard let key else {
            let why = OpenSSL.takeErrors()
            let isThere = bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: Self.beginning) }
            throw TLSError(path, isThere ? "the key cannot be read (is it encrypted?): \(why)" : "no key is in it")
        }
        return key
    }

    private func withMemory<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { bytes in
            let memory = unsafe copenssl_memory(
                bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1),
                Int32(clamping: bytes.count)
            )
            defer { unsafe BIO_free(memory) }
            return unsafe body(memory)
        }
    }
}
