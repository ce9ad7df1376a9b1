import COpenSSL

/// Whether a peer's certificate is good enough.
final class PeerPolicy: Sendable {
    let isVerified: Bool
    private let allowedNames: [String]?

    /// - Parameters:
    ///   - verified: somebody who is believed must have signed it.
    ///   - allowedNames: it must have one of these; nil allows any.
    init(verified: Bool, allowedNames: [String]? = nil) {
        isVerified = verified
        self.allowedNames = allowedNames
    }

    func verify(_ store: OpaquePointer) -> Bool {
        if isVerified, unsafe X509_verify_cert(store) != 1 { return false }
        guard let allowedNames, let certificate = unsafe X509_STORE_CTX_get0_cert(store) else { return true }
        if unsafe Self.names(of: certificate).contains(where: allowedNames.contains) { return true }
        unsafe X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)
        return false
    }

    private static let longestName = 1024

    /// Its alternative names: hosts, addresses, mail addresses and URIs.
    private static func names(of certificate: OpaquePointer) -> [String] {
        guard let names = unsafe copenssl_alternative_names(certificate) else { return [] }
        defer { unsafe GENERAL_NAMES_free(names) }
        var texts: [String] = []
        var text = [CChar](repeating: 0, count: longestName)
        var index: Int32 = 0
        while case let length = unsafe copenssl_alternative_name(names, index, &text, Int32(longestName)), length != 0 {
            if length > 0 {
                texts.append(String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            index += 1
        }
        return texts
    }
}
