import AsyncHTTP
import COpenSSL

extension TLSContext {
    static func client(
        _ configuration: TLSClientConfiguration,
        _ remedy: String,
        _ files: inout PEMFiles
    ) throws(TLSError) -> TLSContext {
        let context = unsafe try TLSContext(TLS_client_method())
        try context.setUp(from: .tls12, to: .tls13)
        if !configuration.skipsVerification {
            let authorities: PEMSource
            if let own = configuration.authorities {
                authorities = own
            } else {
                authorities = try systemAuthorities(remedy)
            }
            try context.trust(try files.read(authorities))
        }
        if let certificate = configuration.certificate, let key = configuration.key {
            try context.show(try files.read(certificate), try files.read(key))
        }
        unsafe copenssl_ask_for_http1(context.pointer)
        return context
    }

    /// Where systems keep the certificates of those whom they believe: Debian, Fedora, openSUSE, older Red Hats, Alpine.
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    private static func systemAuthorities(_ remedy: String) throws(TLSError) -> PEMSource {
        let named = Environment.variables["SSL_CERT_FILE"].map { [$0] }
        if let path = (named ?? bundles).first(where: { (try? FileSignature.of($0)) != nil }) { return .file(path) }
        throw TLSError(
            nil,
            "this machine has no certificates of authorities (\(named?.first ?? "none of the usual files")): \(remedy)"
        )
    }
}
